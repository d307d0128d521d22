package io.zoneproxy.bench.micro;

import java.io.IOException;
import java.util.Arrays;

/** Runs the small benchmarks. */
public final class MicroMain {
  private MicroMain() {}

  /**
   * Runs them.
   *
   * @param args {@code routes} for what 100,000 routes cost; otherwise JMH's own, which runs every
   *     benchmark when there are none
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0 && args[0].equals("routes")) {
      RoutesMain.main(Arrays.copyOfRange(args, 1, args.length));
    } else {
      org.openjdk.jmh.Main.main(args);
    }
  }
}
