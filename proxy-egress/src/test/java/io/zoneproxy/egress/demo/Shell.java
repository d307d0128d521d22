package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs commands as a user would paste them. */
public final class Shell {
  private static final int SECONDS = 30;

  private Shell() {}

  /** Skips the test, with a message, on a machine without the program. */
  public static void assumeThere(String program) throws IOException, InterruptedException {
    if (run("command -v " + program).code() != 0) {
      System.out.println(program + " is not on this machine: the test is skipped");
      abort(program + " is not on this machine");
    }
  }

  /** Runs it to its end; what it wrote on both outputs is one text. */
  static Outcome run(String command) throws IOException, InterruptedException {
    return run(Path.of("."), "", "sh", "-c", command);
  }

  /**
   * Runs a program to its end.
   *
   * @param folder where it runs
   * @param input what it reads; there may be more to come, until it ends
   */
  public static Outcome run(Path folder, String input, String... command)
      throws IOException, InterruptedException {
    Path written = Files.createTempFile("shell", ".out"); // a pipe would have to be read meanwhile
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(written.toFile())
              .start();
      if (input.isEmpty()) {
        process.getOutputStream().close();
      } else {
        process.getOutputStream().write(input.getBytes(UTF_8));
        process.getOutputStream().flush();
      }
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "still running: " + List.of(command) + "\n" + Files.readString(written));
      }
      return new Outcome(process.exitValue(), Files.readString(written));
    } finally {
      Files.delete(written);
    }
  }

  /** Exit code and text. */
  public record Outcome(int code, String output) {}
}
