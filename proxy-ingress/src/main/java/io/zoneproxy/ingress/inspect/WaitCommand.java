package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.text.Visible;
import io.zoneproxy.ingress.flags.DurationConverter;
import io.zoneproxy.ingress.flags.ExitCode;
import io.zoneproxy.ingress.flags.HelpOption;
import io.zoneproxy.ingress.flags.Mistakes;
import io.zoneproxy.ingress.flags.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Waits until a proxy on this machine is ready: kuma-dp's command, with its flags. */
@Command(description = "Waits until a proxy on this machine is ready.", usageHelpAutoWidth = true)
public final class WaitCommand implements Callable<Integer> {
  private static final int READY = 200;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final String DURATION = "DURATION";

  @Spec CommandSpec spec = CommandSpec.create();

  @Mixin HelpOption help = new HelpOption();

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://localhost:9901/ready",
      description = "On this machine (${DEFAULT-VALUE}).")
  String url = "";

  @Option(
      names = "--unix-socket",
      paramLabel = "PATH",
      defaultValue = "",
      description = "Asks /ready there, instead of the URL.")
  String unixSocket = "";

  @Option(
      names = "--check-frequency",
      paramLabel = DURATION,
      defaultValue = "1s",
      converter = DurationConverter.class,
      description = "Between two looks (${DEFAULT-VALUE}).")
  Duration checkFrequency = Duration.ZERO;

  @Option(
      names = "--request-timeout",
      paramLabel = DURATION,
      defaultValue = "500ms",
      converter = DurationConverter.class,
      description = "For one look (${DEFAULT-VALUE}).")
  Duration requestTimeout = Duration.ZERO;

  @Option(
      names = "--timeout",
      paramLabel = DURATION,
      defaultValue = "180s",
      converter = DurationConverter.class,
      description = "For all (${DEFAULT-VALUE}).")
  Duration timeout = Duration.ZERO;

  @Override
  public Integer call() {
    Mistakes mistakes = new Mistakes();
    mistakes.duration("--check-frequency", checkFrequency, SHORTEST);
    mistakes.duration("--request-timeout", requestTimeout, SHORTEST);
    mistakes.duration("--timeout", timeout, SHORTEST);
    mistakes.refuse();
    Probe probe = unixSocket.isEmpty() ? Probe.http(url) : Probe.unix(unixSocket);
    String last = lastUntilReady(probe);
    if (!last.isEmpty()) {
      throw new UsageException(
          "wait: %s is not ready after %s: %s (expected: status 200)"
              .formatted(probe, DurationConverter.text(timeout), last));
    }
    return ExitCode.OK;
  }

  /** What the last look found; "" when it is ready. */
  private String lastUntilReady(Probe probe) {
    PrintWriter out = spec.commandLine().getOut();
    long end = System.nanoTime() + timeout.toNanos();
    String last = "";
    for (boolean told = false; ; told = true) {
      try {
        int status = probe.status(requestTimeout);
        if (status == READY) {
          out.println(probe + " is ready");
          out.flush();
          return "";
        }
        last = "status " + status;
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      if (end - System.nanoTime() <= checkFrequency.toNanos()) {
        return last;
      }
      if (!told) { // or minutes pass in silence where the port is another one
        sayNotYet(probe, last);
      }
      if (!pause(checkFrequency)) {
        return last;
      }
    }
  }

  private void sayNotYet(Probe probe, String found) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        Visible.line(
            "wait: %s is not ready yet: %s; asked again for %s at most"
                .formatted(probe, found, DurationConverter.text(timeout))));
    err.flush();
  }

  /** Returns false when it was interrupted. */
  private static boolean pause(Duration pause) {
    try {
      return !new CountDownLatch(1).await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
