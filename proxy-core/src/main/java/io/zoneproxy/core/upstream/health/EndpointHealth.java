package io.zoneproxy.core.upstream.health;

import io.zoneproxy.core.observe.HealthFlag;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of an endpoint's health by ourselves. Any thread. */
public final class EndpointHealth {
  private volatile Set<HealthFlag> flags = Set.of(); // written under this, never changed
  private volatile @Nullable OutlierRecord record; // null: nothing was met yet

  /** Whether no flag is raised. */
  public boolean healthy() {
    return flags.isEmpty();
  }

  /** Whether a flag is raised. */
  public boolean has(HealthFlag flag) {
    return flags.contains(flag);
  }

  /** Raises a flag; returns whether it was down. */
  public synchronized boolean raise(HealthFlag flag) {
    boolean down = !has(flag);
    Set<HealthFlag> next = EnumSet.of(flag);
    next.addAll(flags);
    flags = Set.copyOf(next);
    return down;
  }

  /** Takes a flag down; returns whether it was raised. */
  public synchronized boolean lower(HealthFlag flag) {
    boolean raised = has(flag);
    Set<HealthFlag> next = new HashSet<>(flags);
    next.remove(flag);
    flags = Set.copyOf(next);
    return raised;
  }

  /** The flags that are raised. */
  public Set<HealthFlag> flags() {
    return flags;
  }

  /** Whether anything of what connections met was noted. */
  public boolean noted() {
    return record != null;
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
