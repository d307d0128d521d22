package io.zoneproxy.bench.side;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the command line says.
 *
 * @param arguments as they were given
 * @param rounds of everything; at least 1
 * @param workloads beginnings of their ids; none means all
 * @param peers their names; none means all
 * @param pace how long things take
 * @param minutes of a soak
 * @param out folder for report, picture and figures
 * @param javaOptions for zoneproxy's JVM beside the launcher's own
 */
record Options(
    List<String> arguments,
    int rounds,
    List<String> workloads,
    List<String> peers,
    Pace pace,
    int minutes,
    Path out,
    String javaOptions) {
  private static final Set<String> KNOWN =
      Set.of("rounds", "workloads", "peers", "seconds", "quick", "minutes", "out", "java-opts");

  /** Fewer say little about the spread. */
  private static final int ROUNDS = 5;

  /** As the project's promise says. */
  private static final int SOAK_MINUTES = 10;

  private static final long MILLIS = 1000;

  /**
   * Parses {@code --name=value} and {@code --quick}.
   *
   * @param args behind the command
   * @param defaultOut when nothing is said
   * @throws IllegalArgumentException with what is wrong and what is expected
   */
  static Options parse(List<String> args, Path defaultOut) {
    Map<String, String> values = values(args);
    boolean quick = values.containsKey("quick");
    Pace pace = quick ? Pace.QUICK : Pace.FULL;
    return new Options(
        List.copyOf(args),
        number(values, "rounds", quick ? 1 : ROUNDS),
        list(values, "workloads"),
        list(values, "peers"),
        values.containsKey("seconds")
            ? pace.withMillis(number(values, "seconds", 1) * MILLIS)
            : pace,
        number(values, "minutes", SOAK_MINUTES),
        values.containsKey("out") ? Path.of(values.get("out")).toAbsolutePath() : defaultOut,
        values.getOrDefault("java-opts", ""));
  }

  private static Map<String, String> values(List<String> args) {
    Map<String, String> values = new HashMap<>();
    for (String arg : args) {
      int equals = arg.indexOf('=');
      String name = arg.substring(0, equals < 0 ? arg.length() : equals).replaceFirst("^--", "");
      if (!arg.startsWith("--") || !KNOWN.contains(name)) {
        throw new IllegalArgumentException(arg + " (expected: --NAME=VALUE, one of " + KNOWN + ")");
      }
      values.put(name, arg.substring(equals + 1));
    }
    return values;
  }

  private static int number(Map<String, String> values, String name, int otherwise) {
    String text = values.getOrDefault(name, String.valueOf(otherwise));
    try {
      int number = Integer.parseInt(text);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException("--" + name + ": " + text + " (expected: a number above 0)");
  }

  private static List<String> list(Map<String, String> values, String name) {
    String text = values.getOrDefault(name, "");
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }
}
