package io.zoneproxy.ingress.launch;

import io.zoneproxy.ingress.flags.UsageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;

/**
 * A short run of a small proxy, from start to end, that goes through the classes of a real one:
 * what a class-data archive is made from. Prints nothing, leaves nothing.
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

  private static final List<String> REQUESTS =
      List.of("GET /stats/prometheus", "GET /explain?sni=x", "GET /clusters", "POST /quitquitquit");

  /** A start takes a second; one that archives classes on a busy machine, a few. */
  private static final long MAX_START_SECONDS = 60;

  /** Between two looks; short beside a start, long beside a look. */
  private static final long LOOK_MILLIS = 20;

  private static final int MAX_ANSWER_MILLIS = 10_000; // on loopback: then nothing will come

  private final ToIntFunction<String[]> launcher;
  private final boolean hasEgress;

  /**
   * Does nothing yet.
   *
   * @param launcher runs a command line in this process
   * @param hasEgress whether the program has that role beside the ingress
   */
  TrainCommand(ToIntFunction<String[]> launcher, boolean hasEgress) {
    this.launcher = launcher;
    this.hasEgress = hasEgress;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ExecutionException {
    Path folder = Files.createTempDirectory("zoneproxy-train");
    try {
      return run(folder);
    } finally {
      remove(folder);
    }
  }

  private int run(Path folder) throws IOException, InterruptedException, ExecutionException {
    int port = freePort();
    int admin = freePort();
    Path mesh = Files.writeString(folder.resolve("mesh.yaml"), MESH);
    List<String> args = new ArrayList<>();
    args.add("--proxy-type=ingress" + (hasEgress ? ",egress" : ""));
    args.add("--dataplane-file=" + own(folder, "ZoneIngress", port, admin));
    if (hasEgress) {
      args.add("--dataplane-file=" + own(folder, "ZoneEgress", freePort(), 0));
    }
    args.add("--resources=" + mesh);
    args.add("--zone=east");
    // Files, not off: a real run writes both logs, so their classes belong into the archive.
    args.add("--access-log=" + folder.resolve("access.log"));
    args.add("--log-output-path=" + folder.resolve("program.log"));
    args.add("--readiness-port=" + freePort());
    CompletableFuture<Integer> run =
        CompletableFuture.supplyAsync(() -> launcher.applyAsInt(args.toArray(new String[0])));
    awaitReady(admin, run);
    send(port, "not TLS\n");
    REQUESTS.forEach(request -> ask(admin, request));
    return run.get();
  }

  private static Path own(Path folder, String type, int port, int admin) throws IOException {
    return Files.writeString(folder.resolve(type + ".yaml"), OWN.formatted(type, port, admin));
  }

  private static void remove(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
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
