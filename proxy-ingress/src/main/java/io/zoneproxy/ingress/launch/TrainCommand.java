package io.zoneproxy.ingress.launch;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;

/**
 * A short run of a small ingress, from start to end, that goes through the classes of a real one:
 * what a class-data archive is made from. Prints nothing, leaves nothing.
 */
@Command(hidden = true, description = "Runs through all classes, for a class-data archive.")
final class TrainCommand implements Callable<Integer> {
  private static final String MESH =
      """
      type: Mesh
      name: default
      mtls: {enabledBackend: ca, backends: [{name: ca, type: builtin}]}
      ---
      type: Dataplane
      mesh: default
      name: backend-1
      networking:
        address: 127.0.0.1
        inbound: [{port: 1, tags: {kuma.io/service: backend}}]
      """;

  private static final String INGRESS =
      """
      type: ZoneIngress
      name: ingress-1
      networking: {address: 127.0.0.1, port: %d, admin: {port: %d}}
      """;

  private final ToIntFunction<String[]> launcher;

  /**
   * @param launcher runs a command line in this process
   */
  TrainCommand(ToIntFunction<String[]> launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("zoneproxy-train");
    Path mesh = Files.createDirectory(folder.resolve("resources")).resolve("mesh.yaml");
    Path own = folder.resolve("ingress.yaml");
    try {
      int port = freePort();
      int admin = freePort();
      Files.writeString(mesh, MESH);
      Files.writeString(own, INGRESS.formatted(port, admin));
      String[] args = {
        "--proxy-type=ingress",
        "--dataplane-file=" + own,
        "--resources=" + mesh.getParent(),
        "--zone=east",
        "--access-log=off",
        "--log-level=off",
        "--readiness-port=" + freePort()
      };
      CompletableFuture<Integer> run =
          CompletableFuture.supplyAsync(() -> launcher.applyAsInt(args));
      exercise(port, admin, run);
      return run.join();
    } finally {
      for (Path path : new Path[] {mesh, mesh.getParent(), own, folder}) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static void exercise(int port, int admin, CompletableFuture<Integer> run)
      throws IOException {
    while (!run.isDone() && ask(admin, "GET /ready").isEmpty()) {
      Thread.onSpinWait(); // for a second at most: the time that a start takes
    }
    send(port, "not TLS\n");
    for (String request :
        new String[] {
          "GET /stats/prometheus", "GET /explain?sni=x", "GET /clusters", "POST /quitquitquit"
        }) {
      ask(admin, request);
    }
  }

  private static String ask(int port, String request) {
    try {
      return send(
          port, request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    } catch (IOException e) {
      return ""; // not listening yet, or any more
    }
  }

  private static String send(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        InputStream in = socket.getInputStream()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
