package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user would paste them. */
final class Shell {
  private static final int SECONDS = 30;

  private Shell() {}

  /** Skips the test, with a message, on a machine without the program. */
  static void assumeThere(String program) throws IOException, InterruptedException {
    assumeTrue(run("command -v " + program).code() == 0, program + " is not on this machine");
  }

  /** Runs it to its end; what it wrote on both outputs is one text. */
  static Outcome run(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + command);
    }
    return new Outcome(process.exitValue(), output);
  }

  /** Exit code and text. */
  record Outcome(int code, String output) {}
}
