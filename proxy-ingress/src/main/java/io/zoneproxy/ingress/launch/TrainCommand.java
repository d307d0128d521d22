package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.controlplane.FolderDeletion;
import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.train.TrainProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Short runs of a small proxy, from start to end, that go through the classes of a real one: what a
 * class-data archive is made from. Driven by files, by a control plane, and by what that has left.
 * Prints nothing, leaves nothing; fails when one of them does not become ready, as where the jar
 * lacks a class.
 */
@Command(hidden = true, description = "Runs through all classes, for a class-data archive.")
final class TrainCommand implements Callable<Integer> {
  private static final String MESH =
      """
      type: Mesh
      name: default
      mtls: {enabledBackend: ca, backends: [{name: ca, type: builtin}]}
      routing: {zoneEgress: true}
      ---
      type: Dataplane
      mesh: default
      name: backend-1
      networking:
        address: 127.0.0.1
        inbound: [{port: 1, tags: {kuma.io/service: backend}}]
      ---
      type: ZoneIngress
      name: other
      zone: west
      networking: {address: 127.0.0.1, port: 1, advertisedAddress: 127.0.0.1, advertisedPort: 1}
      availableServices: [{mesh: default, instances: 1, tags: {kuma.io/service: backend}}]
      """;

  private static final String OWN =
      """
      type: %s
      name: own
      networking: {address: 127.0.0.1, port: %d, admin: {port: %d}}
      """;

  private static final String TOKEN = "e30.e30.train"; // a JWT by its form; nobody checks it

  private static final int MOST_TRIES = 10; // a run opens three files

  /** How the name of what is kept ends: with the name of the proxy. */
  private static final String KEPT = ".own";

  @Option(
      names = "--no-dump",
      description = "Leaves out /config_dump, which few ask for: no archive needs its classes.")
  boolean noDump;

  private final ToIntFunction<String[]> launcher;
  private final boolean hasEgress;
  private final boolean hasControlPlane;

  /**
   * Does nothing yet.
   *
   * @param launcher runs a command line in this process
   * @param hasEgress whether the program has that role beside the ingress
   * @param hasControlPlane whether it can be driven by one
   */
  TrainCommand(ToIntFunction<String[]> launcher, boolean hasEgress, boolean hasControlPlane) {
    this.launcher = launcher;
    this.hasEgress = hasEgress;
    this.hasControlPlane = hasControlPlane;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    Path folder = Files.createTempDirectory("zoneproxy-train");
    // A signal between two runs ends the process, and finally is not reached.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteAtExit(folder)));
    try {
      int code = fromFiles(folder);
      return hasControlPlane && code == ExitCode.OK ? driven(folder) : code;
    } finally {
      FolderDeletion.delete(folder);
    }
  }

  /** What still begins may put one more file into it meanwhile. */
  private static void deleteAtExit(Path folder) {
    boolean there = true;
    for (int tries = 0; there && tries < MOST_TRIES; tries++) {
      try {
        FolderDeletion.delete(folder);
        there = false;
      } catch (IOException e) {
        there = Files.exists(folder);
      }
    }
  }

  private int fromFiles(Path folder) throws IOException, InterruptedException, ExecutionException {
    int port = TrainRun.freePort();
    int admin = TrainRun.freePort();
    Path mesh = Files.writeString(folder.resolve("mesh.yaml"), MESH);
    List<String> args = new ArrayList<>();
    args.add("--proxy-type=ingress" + (hasEgress ? ",egress" : ""));
    args.add("--dataplane-file=" + own(folder, "ZoneIngress", port, admin));
    if (hasEgress) {
      args.add("--dataplane-file=" + own(folder, "ZoneEgress", TrainRun.freePort(), 0));
    }
    args.add("--resources=" + mesh);
    args.add("--zone=east");
    logs(folder, args);
    TrainRun run = TrainRun.start(launcher, args, admin);
    run.send(port, "not TLS\n");
    run.ask(
        "GET /stats/prometheus", "GET /explain?sni=backend%7Bmesh%3Ddefault%7D", "GET /clusters");
    return run.end();
  }

  /** Files, not off: a real run writes both logs, so their classes belong into the archive. */
  private static void logs(Path folder, List<String> args) throws IOException {
    args.add("--access-log=" + folder.resolve("access.log"));
    args.add("--log-output-path=" + folder.resolve("program.log"));
    args.add("--readiness-port=" + TrainRun.freePort());
  }

  private int driven(Path folder) throws IOException, InterruptedException, ExecutionException {
    Path ca = folder.resolve("ca.pem");
    try (TrainProcess controlPlane =
        TrainProcess.start(TrainRun.freePort(), TrainRun.freePort(), ca)) {
      Path work = Files.createDirectories(folder.resolve("work"));
      int code = driven(folder, work, controlPlane.address(), ca);
      // Again, from what the first one has left: that is another way to begin.
      return code == ExitCode.OK ? driven(folder, work, controlPlane.address(), ca) : code;
    }
  }

  private int driven(Path folder, Path work, String controlPlane, Path ca)
      throws IOException, InterruptedException, ExecutionException {
    int admin = TrainRun.freePort();
    Path token = Files.writeString(folder.resolve("token"), TOKEN);
    String type = hasEgress ? "ZoneEgress" : "ZoneIngress";
    List<String> args = new ArrayList<>();
    args.add("--proxy-type=" + (hasEgress ? "egress" : "ingress"));
    args.add("--dataplane-file=" + own(folder, type, TrainRun.freePort(), admin));
    args.add("--cp-address=" + controlPlane);
    args.add("--ca-cert-file=" + ca);
    args.add("--dataplane-token-file=" + token);
    args.add("--work-dir=" + work);
    logs(folder, args);
    TrainRun run = TrainRun.start(launcher, args, admin);
    run.awaitFile(work, KEPT);
    run.ask("GET /stats/prometheus", "GET /certs");
    if (!noDump) {
      run.ask("GET /config_dump?include_eds");
    }
    return run.end();
  }

  private static Path own(Path folder, String type, int port, int admin) throws IOException {
    return Files.writeString(folder.resolve(type + ".yaml"), OWN.formatted(type, port, admin));
  }
}
