package io.zoneproxy.bench.side;

import io.zoneproxy.bench.push.PushMain;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The harness's command line; {@code bench/run} is how it is started. */
public final class SideMain {
  private static final List<String> COMMANDS = List.of("setup", "soak", "push", "run");

  private SideMain() {}

  /**
   * Runs a command; exits with 0 when all went well, with 1 when not.
   *
   * @param args the repository's folder; {@code setup}, {@code soak}, {@code push} or {@code run},
   *     which need not be said; options
   */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(args), out) ? 0 : 1);
  }

  private static boolean run(List<String> args, PrintStream out) {
    try {
      Path repository = Path.of(args.get(0)).toAbsolutePath().normalize();
      boolean named = args.size() > 1 && COMMANDS.contains(args.get(1));
      String command = named ? args.get(1) : "run";
      if (command.equals("setup")) {
        if (args.size() > 2) {
          throw new IllegalArgumentException(args.get(2) + " (expected: setup alone)");
        }
        Setup.run(repository, out);
        return true;
      }
      if (command.equals("push")) {
        Network.prepare();
        Envoy envoy = new Envoy(Peers.envoyFolder(repository));
        PushMain.run(args.subList(2, args.size()), repository, envoy.binary(), out);
        return true;
      }
      Options options =
          Options.parse(
              args.subList(named ? 2 : 1, args.size()),
              repository.resolve("bench/target/side-by-side"));
      Machine.check();
      Network.prepare();
      return command.equals("soak")
          ? Soak.run(options, repository, out)
          : SideBySide.run(options, repository, out);
    } catch (IllegalArgumentException | IOException e) {
      out.println("bench: " + e.getMessage());
      return false;
    }
  }
}
