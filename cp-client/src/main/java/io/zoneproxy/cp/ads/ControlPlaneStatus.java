package io.zoneproxy.cp.ads;

import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.resource.ResourceType;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * How things stand with the control plane, for metrics and logs. Changed by one thread, read by
 * any.
 */
public final class ControlPlaneStatus {
  private final Map<ResourceType, Counts> counts = new EnumMap<>(ResourceType.class);
  private final ControlPlaneStats stats;
  private volatile View view;

  /**
   * Nothing has happened yet.
   *
   * @param stats is told the same, for the statistics
   */
  ControlPlaneStatus(Protocol protocol, ControlPlaneStats stats) {
    this.stats = stats;
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

  void onSubscribed() {
    for (ResourceType type : ResourceType.values()) {
      stats.onSubscribed(counted(type));
    }
  }

  void onResponse(ResourceType type) {
    of(type).responses.increment();
    stats.onResponse();
  }

  void onAnswered(ResourceType type, String version, boolean acknowledged) {
    (acknowledged ? of(type).acks : of(type).nacks).increment();
    stats.onUpdate(counted(type), version, acknowledged);
  }

  private static ControlPlaneStats.Type counted(ResourceType type) {
    return switch (type) {
      case CLUSTER -> ControlPlaneStats.Type.CLUSTER;
      case ENDPOINT -> ControlPlaneStats.Type.ENDPOINT;
      case LISTENER -> ControlPlaneStats.Type.LISTENER;
      case SECRET -> ControlPlaneStats.Type.SECRET;
    };
  }

  void onConnected(Protocol protocol, boolean again) {
    stats.onConnected(protocol.name().toLowerCase(Locale.ROOT), again);
    View old = view;
    view =
        new View(
            true, Instant.now(), protocol, old.lastError(), old.reconnects() + (again ? 1 : 0));
  }

  void onProblem(Protocol next, String problem) {
    stats.onDisconnected();
    View old = view;
    Instant since = old.connected() ? Instant.now() : old.since();
    view = new View(false, since, next, problem, old.reconnects());
  }
}
