package io.zoneproxy.core.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link RelayProcess} in a JVM of its own, and what it has said. */
final class ChildJvm {
  private static final int PATIENCE_SECONDS = 60;

  private ChildJvm() {}

  /**
   * Runs it to its end.
   *
   * @param wrapper a command that runs it, such as {@code unshare -m}; may be empty
   * @param options of the JVM
   * @param arguments of the program
   * @return its lines; the log's begin with their level
   */
  static List<String> run(List<String> wrapper, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.add(RelayProcess.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines = new ArrayList<>();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("it has not ended: " + lines);
      }
    } finally {
      process.destroyForcibly();
    }
    lines.add("exit " + process.exitValue());
    return lines;
  }

  /** Whether a command of this system succeeds. */
  static boolean works(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such command
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** What the log warned of, or worse. */
  static List<String> warnings(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("WARN ") || line.startsWith("ERROR "))
        .toList();
  }
}
