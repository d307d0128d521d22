package io.zoneproxy.egress.launch;

import io.zoneproxy.egress.demo.Demo;
import io.zoneproxy.egress.demo.DemoOptions;
import io.zoneproxy.egress.demo.DemoProxies;
import io.zoneproxy.ingress.flags.HelpOption;
import io.zoneproxy.ingress.flags.UsageException;
import io.zoneproxy.ingress.launch.Signals;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code egress.jar demo}. */
@Command(
    description = "Two zones on loopback, real mTLS, traffic flowing, one page to watch it.",
    usageHelpAutoWidth = true)
public final class DemoCommand implements Callable<Integer> {
  @Mixin HelpOption help = new HelpOption();

  @Option(names = "--once", description = "Ends after the first requests.")
  boolean once;

  @Option(
      names = "--requests",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many are sent before the table (${DEFAULT-VALUE}).")
  int requests;

  @Override
  public Integer call() {
    DemoOptions options = options();
    CountDownLatch stop = new CountDownLatch(1);
    Signals.handle(stop::countDown);
    return Demo.run(options, System.out, DemoProxies::start, stop);
  }

  private DemoOptions options() {
    try {
      return new DemoOptions(once, requests);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }
}
