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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;

/** One run of the program in this process, asked over its admin port. */
final class TrainRun {
  /** A start takes a second; one that archives classes on a busy machine, a few. */
  private static final long MAX_START_SECONDS = 60;

  /** Between two looks; short beside a start, long beside a look. */
  private static final long LOOK_MILLIS = 20;

  private static final int TERMINATED = 128 + 15; // as shells tell SIGTERM

  private static final int MAX_ANSWER_MILLIS = 10_000; // on loopback: then nothing will come

  private final CompletableFuture<Integer> run;
  private final int admin;

  private TrainRun(CompletableFuture<Integer> run, int admin) {
    this.run = run;
    this.admin = admin;
  }

  /** Returns when the proxy is ready, or its run is over because it cannot be. */
  static TrainRun start(ToIntFunction<String[]> launcher, List<String> args, int admin)
      throws InterruptedException, ExecutionException {
    String[] given = args.toArray(new String[0]);
    TrainRun started =
        new TrainRun(CompletableFuture.supplyAsync(() -> launcher.applyAsInt(given)), admin);
    started.await("ready", () -> started.answer("GET /ready").startsWith("HTTP/1.1 200"));
    return started;
  }

  private interface Look {
    boolean found() throws IOException;
  }

  private void await(String what, Look look) throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_START_SECONDS);
    while (!found(look) && !isOverSoon()) {
      if (System.nanoTime() > end) {
        throw new UsageException(
            "train: not %s after %d s (expected: a second or two)"
                .formatted(what, MAX_START_SECONDS));
      }
    }
  }

  private static boolean found(Look look) {
    try {
      return look.found();
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private boolean isOverSoon() throws InterruptedException, ExecutionException {
    try {
      run.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Returns when a file with this end of its name is in the folder. */
  void awaitFile(Path folder, String end) throws InterruptedException, ExecutionException {
    await(
        "kept",
        () -> {
          try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + end)) {
            return files.iterator().hasNext();
          }
        });
  }

  /** Asks the admin port; an answer that is none of HTTP 200 fails the training. */
  void ask(String... requests) {
    for (String request : requests) {
      String answer = answer(request);
      if (!answer.startsWith("HTTP/1.1 200")) {
        throw new UsageException(
            "train: %s: %s (expected: 200)"
                .formatted(request, answer.lines().findFirst().orElse("no answer")));
      }
    }
  }

  /** Ends it, and returns its exit code; a signal that has ended it before fails the training. */
  int end() throws InterruptedException, ExecutionException {
    ask("GET /ready");
    Signals.handle(() -> Runtime.getRuntime().exit(TERMINATED)); // all, and not this run alone
    answer("POST /quitquitquit");
    return run.get();
  }

  private String answer(String request) {
    return send(
        admin, request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  }

  /** What is answered until the connection ends; "" when nobody listens, yet or any more. */
  String send(int port, String text) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        InputStream in = socket.getInputStream()) {
      socket.setSoTimeout(MAX_ANSWER_MILLIS);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
