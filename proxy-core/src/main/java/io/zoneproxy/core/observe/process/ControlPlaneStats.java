package io.zoneproxy.core.observe.process;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How things stand with the control plane, in numbers. Without a control plane everything stays at
 * zero. Any thread may tell and read.
 */
public final class ControlPlaneStats {
  /**
   * Chains that serve nobody yet, because a secret of theirs has not come. Several sessions add
   * their share.
   */
  public final AtomicLong chainsWaiting = new AtomicLong();

  /** Chains that serve nobody, because this version has no engine for them. */
  public final AtomicLong chainsUnsupported = new AtomicLong();

  /** Meshes of which a zone egress serves external services, and nothing of other zones. */
  public final AtomicLong externalOnlyMeshes = new AtomicLong();

  /** Resources of which the newest version is refused now, and an older one or none in force. */
  public final AtomicLong resourcesRefused = new AtomicLong();

  /** Fields that a resource in force has or had, and that change nothing here; each name once. */
  public final AtomicLong fieldsIgnored = new AtomicLong();

  /**
   * When the configuration was written that is served because no control plane answers, in
   * milliseconds since 1970; 0 while what is in force has come from the control plane.
   */
  public final AtomicLong lastKnownGoodAtMillis = new AtomicLong();

  /** Streams that were opened again after one that had worked. */
  public final LongAdder reconnects = new LongAdder();

  private final Set<String> ignored = ConcurrentHashMap.newKeySet(); // of a table: bounded
  private final Map<Type, Updates> updates = new EnumMap<>(Type.class);
  private final Map<String, EndpointUpdates> endpoints = new ConcurrentHashMap<>();
  private final AtomicLong lastResponseNanos = new AtomicLong();
  private volatile boolean answered;
  private volatile boolean connected;
  private volatile String protocol = "";
  private volatile String identifier = "";

  /** Nothing has happened yet. */
  public ControlPlaneStats() {
    for (Type type : Type.values()) {
      updates.put(type, new Updates());
    }
  }

  /** The kinds of resource that are counted apart. */
  public enum Type {
    /** CDS. */
    CLUSTER,
    /** EDS. */
    ENDPOINT,
    /** LDS. */
    LISTENER,
    /** SDS. */
    SECRET
  }

  /** What came of one kind of resource. */
  public static final class Updates {
    /** Subscriptions, and responses of either outcome ({@code update_attempt}). */
    public final LongAdder attempt = new LongAdder();

    /** Responses that were taken whole ({@code update_success}). */
    public final LongAdder success = new LongAdder();

    /** Responses in which something was refused ({@code update_rejected}). */
    public final LongAdder rejected = new LongAdder();

    /** Streams that ended ({@code update_failure}). */
    public final LongAdder failure = new LongAdder();

    /** When the last one was taken whole, in milliseconds since 1970; 0 before. */
    public final AtomicLong takenAtMillis = new AtomicLong();

    private volatile String version = "";

    private Updates() {}

    /** What the control plane calls the version that was taken whole last; "" before. */
    public String version() {
      return version;
    }
  }

  /**
   * What came of one cluster's endpoints. The values after a first good one are shared, so that
   * 100,000 clusters cost no object each.
   *
   * @param attempt how often they came
   * @param success how often they were taken
   * @param rejected how often they were refused
   */
  public record EndpointUpdates(int attempt, int success, int rejected) {
    private static final EndpointUpdates NONE = new EndpointUpdates(0, 0, 0);
    private static final EndpointUpdates ONE = new EndpointUpdates(1, 1, 0);

    private EndpointUpdates next(boolean taken) {
      EndpointUpdates next =
          new EndpointUpdates(attempt + 1, success + (taken ? 1 : 0), rejected + (taken ? 0 : 1));
      return next.equals(ONE) ? ONE : next;
    }
  }

  /**
   * A resource has been taken.
   *
   * @param fields full names of those that change nothing here
   */
  public void onIgnored(Collection<String> fields) {
    for (String field : fields) {
      if (ignored.add(field)) {
        fieldsIgnored.incrementAndGet();
      }
    }
  }

  /** A stream is asked for a kind of resource. */
  public void onSubscribed(Type type) {
    of(type).attempt.increment();
  }

  /**
   * A response has been answered.
   *
   * @param version the control plane's name of what was sent; "" when it says none
   * @param taken whether it was taken whole
   */
  public void onUpdate(Type type, String version, boolean taken) {
    Updates counts = of(type);
    counts.attempt.increment();
    if (taken) {
      counts.success.increment();
      counts.takenAtMillis.set(System.currentTimeMillis());
      counts.version = version;
    } else {
      counts.rejected.increment();
    }
  }

  /** The endpoints of a cluster have come, and were taken or refused. */
  public void onEndpoints(String cluster, boolean taken) {
    endpoints.compute(
        cluster, (name, old) -> (old == null ? EndpointUpdates.NONE : old).next(taken));
  }

  /** The endpoints of a cluster are gone: what was counted of them is forgotten. */
  public void onEndpointsRemoved(String cluster) {
    endpoints.remove(cluster);
  }

  /** Something has come on the stream. */
  public void onResponse() {
    lastResponseNanos.set(System.nanoTime());
    answered = true;
  }

  /**
   * The first thing has come on a stream.
   *
   * @param over how it is spoken, for example {@code delta}
   * @param again whether an earlier stream had worked
   */
  public void onConnected(String over, boolean again) {
    protocol = over;
    connected = true;
    if (again) {
      reconnects.increment();
    }
  }

  /** The stream is over, or was never of use. */
  public void onDisconnected() {
    connected = false;
    updates.values().forEach(each -> each.failure.increment());
  }

  /** The control plane has said who it is ({@code control_plane.identifier}). */
  public void onIdentifier(String text) {
    identifier = text;
  }

  /** What came of a kind of resource. */
  @SuppressWarnings("NullAway") // the constructor fills in every constant
  public Updates of(Type type) {
    return updates.get(type);
  }

  /** What came of a cluster's endpoints; zeros when nothing did. */
  public EndpointUpdates endpoints(String cluster) {
    return endpoints.getOrDefault(cluster, EndpointUpdates.NONE);
  }

  /** Whether a stream is open on which something has come. */
  public boolean connected() {
    return connected;
  }

  /** How the last stream that worked was spoken; "" before there was one. */
  public String protocol() {
    return protocol;
  }

  /** Who the control plane says it is; "" when it says nothing. */
  public String identifier() {
    return identifier;
  }

  /** Whether anything has ever come. */
  public boolean answered() {
    return answered;
  }

  /** Seconds since something came; 0 when nothing ever did. */
  public long secondsSinceResponse() {
    long nanos = System.nanoTime() - lastResponseNanos.get();
    return answered ? TimeUnit.NANOSECONDS.toSeconds(nanos) : 0;
  }

  /** How old the served configuration is when it is the last known good one, in seconds; else 0. */
  public long lastKnownGoodAgeSeconds() {
    long at = lastKnownGoodAtMillis.get();
    long millis = at == 0 ? 0 : System.currentTimeMillis() - at;
    return Math.max(0, TimeUnit.MILLISECONDS.toSeconds(millis)); // the clock may be set back
  }
}
