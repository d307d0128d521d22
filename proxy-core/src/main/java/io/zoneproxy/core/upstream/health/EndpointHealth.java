package io.zoneproxy.core.upstream.health;

import io.zoneproxy.core.observe.HealthFlag;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is known of an endpoint's health by ourselves. Any thread. */
public final class EndpointHealth {
  private final AtomicInteger flags = new AtomicInteger(); // a bit for each that is raised
  private volatile @Nullable OutlierRecord record; // null: nothing was met yet

  /** Whether no flag is raised. */
  public boolean healthy() {
    return flags.get() == 0;
  }

  /** Whether a flag is raised. */
  public boolean has(HealthFlag flag) {
    return (flags.get() & bit(flag)) != 0;
  }

  /** Raises a flag; returns whether it was down. */
  public boolean raise(HealthFlag flag) {
    return (flags.getAndUpdate(before -> before | bit(flag)) & bit(flag)) == 0;
  }

  /** Takes a flag down; returns whether it was raised. */
  public boolean lower(HealthFlag flag) {
    return (flags.getAndUpdate(before -> before & ~bit(flag)) & bit(flag)) != 0;
  }

  /** The flags that are raised. */
  public Set<HealthFlag> flags() {
    Set<HealthFlag> raised = EnumSet.noneOf(HealthFlag.class);
    for (HealthFlag flag : HealthFlag.values()) {
      if (has(flag)) {
        raised.add(flag);
      }
    }
    return raised;
  }

  private static int bit(HealthFlag flag) {
    return 1 << flag.ordinal();
  }

  /** What connections met; null when nothing was noted yet. */
  @Nullable OutlierRecord known() {
    return record;
  }

  /** What connections met, to be added to. */
  OutlierRecord record() {
    OutlierRecord known = record;
    return known != null ? known : makeRecord();
  }

  private synchronized OutlierRecord makeRecord() {
    OutlierRecord known = record;
    if (known == null) {
      known = new OutlierRecord();
      record = known;
    }
    return known;
  }
}
