package io.zoneproxy.bench.micro;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Says what 100,000 routes cost, beside the wanted figures. Each figure is of a fresh JVM. */
public final class RoutesMain {
  private static final int FEW = 10;
  private static final int MANY = 100_000;
  private static final int RUNS = 3; // so that the spread is seen

  /** Enough for the probe's own copies of the names; the collector has nothing to hurry for. */
  private static final String HEAP = "-Xmx1g";

  private RoutesMain() {}

  /**
   * Measures and prints, in about half a minute.
   *
   * @param args options for the measured JVMs, for example {@code -XX:+UseSerialGC}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Samples few = new Samples();
    Samples many = new Samples();
    for (int run = 0; run < RUNS; run++) {
      few.add(probe(FEW, List.of(args)));
      many.add(probe(MANY, List.of(args)));
    }
    System.out.print(RoutesReport.text(few, many));
  }

  private static String probe(int routes, List<String> options)
      throws IOException, InterruptedException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP));
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            RoutesProbe.class.getName(),
            Integer.toString(routes)));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String said = out.lines().collect(Collectors.joining("\n"));
      if (child.waitFor() != 0) {
        throw new IOException("the probe of " + routes + " routes ended with " + child.waitFor());
      }
      return said;
    }
  }
}
