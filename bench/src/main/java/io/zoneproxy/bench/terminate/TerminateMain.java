package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.side.Envoy;
import io.zoneproxy.bench.side.Peers;
import io.zoneproxy.bench.side.Plan;
import io.zoneproxy.bench.side.Reference;
import io.zoneproxy.bench.side.SideBySide;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code bench/run terminate}: proxies that end mesh TLS, side by side. */
public final class TerminateMain {
  private static final String COMMAND = "terminate";

  private TerminateMain() {}

  /**
   * Runs it; exits with 1 when something of zoneproxy's was wrong.
   *
   * @param args the repository's folder, {@code terminate}, options
   */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(args), out) ? 0 : 1);
  }

  private static boolean run(List<String> args, PrintStream log) {
    try {
      Path repository = Path.of(args.get(0)).toAbsolutePath().normalize();
      Path out = repository.resolve("bench/target/terminate");
      Certificates certificates = Certificates.make(out.resolve("certificates"));
      return SideBySide.run(
          args.subList(2, args.size()),
          repository,
          out,
          javaOptions -> plan(repository, javaOptions, certificates),
          log);
    } catch (IllegalArgumentException | IOException e) {
      log.println("bench: " + e.getMessage());
      return false;
    }
  }

  private static Plan plan(Path repository, String javaOptions, Certificates certificates) {
    return new Plan(
        COMMAND,
        TerminateWorkloads.all(),
        List.of(
            EndingHaproxy.peer(certificates),
            EndingNginx.peer(certificates),
            EndingEnvoy.peer(Peers.envoyFolder(repository), certificates),
            new EndingZoneproxy(repository, javaOptions, certificates)),
        new Reference("Envoy", List.of(Envoy.NAME)),
        Optional.of(certificates.folder()));
  }
}
