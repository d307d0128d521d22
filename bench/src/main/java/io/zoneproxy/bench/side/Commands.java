package io.zoneproxy.bench.side;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Programs that are run to their end for what they print. */
final class Commands {
  private Commands() {}

  /**
   * Runs one.
   *
   * @return what it printed, errors too, without blanks around it
   * @throws IOException when it cannot be started or does not exit with 0
   */
  static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + " exited with " + code + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return output;
  }

  /** The first line of what it prints; a word that says so when it fails. */
  static String firstLine(List<String> command) {
    try {
      return run(command).lines().findFirst().orElse("");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
