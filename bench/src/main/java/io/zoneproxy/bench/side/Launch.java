package io.zoneproxy.bench.side;

import java.util.List;
import java.util.Map;

/**
 * How to start a process.
 *
 * @param command program and arguments; it stays in the foreground
 * @param environment beside the harness's own
 */
public record Launch(List<String> command, Map<String, String> environment) {
  /** Without anything in the environment. */
  public static Launch of(String... command) {
    return new Launch(List.of(command), Map.of());
  }
}
