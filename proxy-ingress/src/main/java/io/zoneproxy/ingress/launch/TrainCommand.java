package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.flags.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private static final List<String> REQUESTS =
      List.of("GET /stats/prometheus", "GET /explain?sni=x", "GET /clusters", "POST /quitquitquit");

  /** A start takes a second; one that archives classes on a busy machine, a few. */
  private static final long MAX_START_SECONDS = 60;

  /** Between two looks; short beside a start, long beside a look. */
  private static final long LOOK_MILLIS = 20;

  private static final int MAX_ANSWER_MILLIS = 10_000; // on loopback: then nothing will come

  private final ToIntFunction<String[]> launcher;

  /**
   * Does nothing yet.
   *
   * @param launcher runs a command line in this process
   */
  TrainCommand(ToIntFunction<String[]> launcher) {
    this.launcher = launcher;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
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
      awaitReady(admin, run);
      send(port, "not TLS\n");
      REQUESTS.forEach(request -> ask(admin, request));
      return run.get();
    } finally {
      for (Path path : List.of(mesh, own, folder.resolve("resources"), folder)) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Returns when the proxy is ready, or its run is over because it cannot be. */
  private static void awaitReady(int admin, CompletableFuture<Integer> run)
      throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_START_SECONDS);
    while (ask(admin, "GET /ready").isEmpty() && !isOverSoon(run)) {
      if (System.nanoTime() > end) {
        throw new UsageException(
            "train: not ready after %d s (expected: a second or two)".formatted(MAX_START_SECONDS));
      }
    }
  }

  private static boolean isOverSoon(CompletableFuture<Integer> run)
      throws InterruptedException, ExecutionException {
    try {
      run.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static String ask(int port, String request) {
    return send(
        port, request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  }

  /** What is answered until the connection ends; "" when nobody listens, yet or any more. */
  private static String send(int port, String text) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        InputStream in = socket.getInputStream()) {
      socket.setSoTimeout(MAX_ANSWER_MILLIS);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
