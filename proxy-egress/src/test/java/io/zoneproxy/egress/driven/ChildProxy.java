package io.zoneproxy.egress.driven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.egress.launch.EgressMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code egress.jar} as a process of its own, from this test's class path. */
final class ChildProxy implements AutoCloseable {
  /** A JVM's start on a machine that builds several things at a time. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path err;

  private ChildProxy(Process process, Path err) {
    this.process = process;
    this.err = err;
  }

  /** Starts it with these variables, and none of ours, and these arguments. */
  static ChildProxy start(Path folder, Map<String, String> environment, List<String> args)
      throws IOException {
    Path err = Files.createTempFile(folder, "err", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Little is run and often started.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("-Xshare:auto", "-cp", System.getProperty("java.class.path")));
    command.add(EgressMain.class.getName());
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(
            name ->
                name.startsWith("KUMA_")
                    || name.startsWith("ZONEPROXY_")
                    || name.startsWith("POD_"));
    builder.environment().putAll(environment);
    Process process =
        builder.redirectError(err.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    return new ChildProxy(process, err);
  }

  /** Waits for these words in its log; fails with the log when it ends before. */
  ChildProxy awaitLog(String words) throws IOException {
    await().atMost(PATIENCE).until(() -> log().contains(words) || !process.isAlive());
    assertThat(log()).contains(words);
    return this;
  }

  /** All of its log so far. */
  String log() throws IOException {
    return Files.readString(err);
  }

  void terminate() {
    process.destroy();
  }

  /** As {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for the end. */
  int exitCode() throws InterruptedException, IOException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(log()).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
