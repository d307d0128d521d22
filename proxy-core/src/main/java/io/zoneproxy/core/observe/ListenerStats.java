package io.zoneproxy.core.observe;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counters of one listener, under the names that Envoy gives them. Any thread may add. */
public final class ListenerStats {
  /** Connections accepted, those refused included ({@code downstream_cx_total}). */
  public final LongAdder total = new LongAdder();

  /** Connections open now ({@code downstream_cx_active}). */
  public final LongAdder active = new LongAdder();

  /** Connections ended ({@code downstream_cx_destroy}). */
  public final LongAdder destroyed = new LongAdder();

  /** Connections reset because of a limit ({@code downstream_cx_overflow}). */
  public final LongAdder overflow = new LongAdder();

  /** Connections that closed without a byte: probes of load balancers, for the most part. */
  public final LongAdder silent = new LongAdder();

  /** Bytes received from downstreams. */
  public final LongAdder rxBytes = new LongAdder();

  /** Bytes sent to downstreams. */
  public final LongAdder txBytes = new LongAdder();

  /** Whole ClientHellos with a server name ({@code tls_inspector.sni_found}). */
  public final LongAdder sniFound = new LongAdder();

  /** Whole ClientHellos without one ({@code tls_inspector.sni_not_found}). */
  public final LongAdder sniMissing = new LongAdder();

  /** Connections that began with something else than a ClientHello, and were not refused for it. */
  public final LongAdder plain = new LongAdder();

  /** What the chains' permissions decided, by their prefix in statistics. */
  private final Map<String, RbacStats> rbac = new ConcurrentHashMap<>();

  /** Handshakes of chains that end TLS. */
  public final TlsStats tls = new TlsStats();

  private final String name;
  private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

  public ListenerStats(String name) {
    this.name = name;
    for (CloseReason reason : CloseReason.values()) {
      closed.put(reason, new LongAdder());
    }
  }

  /** The listener's name. */
  public String name() {
    return name;
  }

  /** Where permissions with this prefix in statistics count. */
  public RbacStats rbac(String prefix) {
    return rbac.computeIfAbsent(prefix, unused -> new RbacStats());
  }

  /** The same for all prefixes that decided something. */
  public Map<String, RbacStats> rbac() {
    return Collections.unmodifiableMap(rbac);
  }

  /** Connections that ended for this reason. */
  @SuppressWarnings("NullAway") // the constructor fills in every constant
  public LongAdder closed(CloseReason reason) {
    return closed.get(reason);
  }
}
