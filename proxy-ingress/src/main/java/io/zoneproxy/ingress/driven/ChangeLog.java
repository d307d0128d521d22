package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One line for each change of the configuration, and at most one a second: a control plane that
 * changes its mind all the time has its changes summed up. Any thread.
 */
final class ChangeLog {
  /** Often enough to follow, and no flood: a line names what has changed since the line before. */
  static final long PAUSE_NANOS = 1_000_000_000L;

  /** Refused resources that are named; the others are counted. */
  private static final int MOST_NAMED = 3;

  private final Consumer<String> lines;
  private final Supplier<List<String>> refused;
  private final ControlPlaneStats versions;
  private final LongSupplier nanos;
  private final Executor later;
  private ProxySnapshot told = ProxySnapshot.EMPTY; // guarded by this, as all below
  private ProxySnapshot now = ProxySnapshot.EMPTY;
  private int untold; // changes since the last line
  private int number;
  private long toldAt;

  /**
   * Nothing has been said yet.
   *
   * @param lines are written there
   * @param refused names the resources that are refused now
   * @param versions what the control plane calls its configuration
   * @param nanos a clock
   * @param later runs a task after {@link #PAUSE_NANOS}
   */
  ChangeLog(
      Consumer<String> lines,
      Supplier<List<String>> refused,
      ControlPlaneStats versions,
      LongSupplier nanos,
      Executor later) {
    this.lines = lines;
    this.refused = refused;
    this.versions = versions;
    this.nanos = nanos;
    this.later = later;
  }

  /** A configuration is in force. */
  synchronized void onApplied(ProxySnapshot snapshot) {
    now = snapshot;
    number++;
    untold++;
    boolean first = number == 1;
    if (first || (untold == 1 && nanos.getAsLong() - toldAt >= PAUSE_NANOS)) {
      tell();
    } else if (untold == 1) {
      later.execute(this::tellLate);
    }
  }

  private synchronized void tellLate() {
    if (untold > 0) {
      tell();
    }
  }

  private void tell() {
    String change = SnapshotChange.describe(told, now);
    List<String> names = refused.get();
    if (!change.isEmpty()) {
      // Numbers by %s, here and in LimitsText: %d asks for the locale's digits, and a start for all
      // of the JVM's locales.
      lines.accept(
          "configuration %s%s%s: %s%s"
              .formatted(
                  number,
                  version(),
                  untold > 1 ? ", " + untold + " changes" : "",
                  change,
                  refusedText(names)));
    }
    told = now;
    toldAt = nanos.getAsLong();
    untold = 0;
  }

  /** That of the listeners says most: they name all else. */
  private String version() {
    String version = versions.of(ControlPlaneStats.Type.LISTENER).version();
    return version.isEmpty() ? "" : " (listeners " + version + ")";
  }

  private static String refusedText(List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    return "; %s refused, what was good before serves: %s%s"
        .formatted(
            names.size(),
            String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED))),
            names.size() > MOST_NAMED ? ", …" : "");
  }
}
