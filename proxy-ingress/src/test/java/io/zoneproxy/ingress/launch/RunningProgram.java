package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ingress.jar} as a process of its own, from this test's class path. */
final class RunningProgram implements AutoCloseable {
  /** A JVM's start on a machine that builds several things at a time. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path out;
  private final Path err;

  private RunningProgram(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts it with these arguments and nothing of ours in its environment. */
  static RunningProgram start(Path folder, String... args) throws IOException {
    return start(folder, Map.of(), "", args);
  }

  /** The same with variables and standard input. */
  static RunningProgram start(
      Path folder, Map<String, String> environment, String input, String... args)
      throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    return started(folder, builder(environment, args).redirectOutput(out.toFile()), out, input);
  }

  /** The same, with a standard output that nobody reads: a pipe that fills up. */
  static RunningProgram startUnread(Path folder, String... args) throws IOException {
    return started(folder, builder(Map.of(), args), folder, "");
  }

  private static RunningProgram started(Path folder, ProcessBuilder builder, Path out, String input)
      throws IOException {
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process = builder.redirectError(err.toFile()).start();
    process.getOutputStream().write(input.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    process.getOutputStream().close();
    return new RunningProgram(process, out, err);
  }

  private static ProcessBuilder builder(Map<String, String> environment, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Little is run and often started.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.add("-Djava.io.tmpdir=" + environment.getOrDefault("TMPDIR", "/tmp"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(IngressMain.class.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                name.startsWith("KUMA_")
                    || name.startsWith("ZONEPROXY_")
                    || name.equals("POD_NAME"));
    builder.environment().putAll(environment);
    return builder;
  }

  /** Waits until it says that it is ready; fails with its words when it ends before. */
  RunningProgram awaitReady() throws IOException {
    await()
        .atMost(PATIENCE)
        .until(
            () -> !process.isAlive() || err().contains(" is ready ") || err().contains("ready on"));
    assertThat(process.isAlive()).as("ended: %s", err()).isTrue();
    return this;
  }

  /** Waits for these words on standard error. */
  void awaitErr(String words) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(err()).contains(words));
  }

  /** All of standard error so far. */
  String err() throws IOException {
    return Files.readString(err);
  }

  /** All of standard output so far. */
  String out() throws IOException {
    return Files.readString(out);
  }

  /** Sends a signal, for example TERM. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end; the exit code. */
  int exitCode() throws InterruptedException, IOException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .as("still running: %s", err())
        .isTrue();
    return process.exitValue();
  }

  /** Kills it, if it is still there. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
