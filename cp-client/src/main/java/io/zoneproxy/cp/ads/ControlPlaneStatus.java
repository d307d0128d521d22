package io.zoneproxy.cp.ads;

import io.zoneproxy.cp.resource.ResourceType;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * How things stand with the control plane, for metrics and logs. Changed by one thread, read by
 * any.
 */
public final class ControlPlaneStatus {
  private final Map<ResourceType, Counts> counts = new EnumMap<>(ResourceType.class);
  private volatile View view;

  ControlPlaneStatus(Protocol protocol) {
    view = new View(false, Instant.now(), protocol, "", 0);
    for (ResourceType type : ResourceType.values()) {
      counts.put(type, new Counts());
    }
  }

  /**
   * One moment.
   *
   * @param connected whether a stream is open on which something has come
   * @param since when that has begun to be so
   * @param protocol of the stream, or of the next one
   * @param lastError why the last stream has ended or was of no use; "" when none was. Stays when
   *     the next one works
   * @param reconnects how often it was connected again; the first time does not count
   */
  public record View(
      boolean connected, Instant since, Protocol protocol, String lastError, long reconnects) {}

  private static final class Counts {
    final LongAdder responses = new LongAdder();
    final LongAdder acks = new LongAdder();
    final LongAdder nacks = new LongAdder();
  }

  /** How things stand now. */
  public View view() {
    return view;
  }

  private Counts of(ResourceType type) {
    Counts found = counts.get(type);
    if (found == null) {
      throw new IllegalArgumentException(String.valueOf(type));
    }
    return found;
  }

  /** Responses of a type since the start. */
  public long responses(ResourceType type) {
    return of(type).responses.sum();
  }

  /** Those of them that were taken whole. */
  public long acks(ResourceType type) {
    return of(type).acks.sum();
  }

  /** Those of them in which something was refused. */
  public long nacks(ResourceType type) {
    return of(type).nacks.sum();
  }

  void onResponse(ResourceType type) {
    of(type).responses.increment();
  }

  void onAnswered(ResourceType type, boolean acknowledged) {
    (acknowledged ? of(type).acks : of(type).nacks).increment();
  }

  void onConnected(Protocol protocol, boolean again) {
    View old = view;
    view =
        new View(
            true, Instant.now(), protocol, old.lastError(), old.reconnects() + (again ? 1 : 0));
  }

  void onProblem(Protocol next, String problem) {
    View old = view;
    Instant since = old.connected() ? Instant.now() : old.since();
    view = new View(false, since, next, problem, old.reconnects());
  }
}
