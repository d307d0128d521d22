package io.zoneproxy.core.observe;

import java.util.EnumMap;
import java.util.Map;
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

  /** What the chains' permissions decided. */
  public final RbacStats rbac = new RbacStats();

  /** TLS handshakes that we ended with success ({@code ssl.handshake}). */
  public final LongAdder sslHandshake = new LongAdder();

  /** Those of them that took up an earlier session ({@code ssl.session_reused}). */
  public final LongAdder sslSessionReused = new LongAdder();

  /**
   * TLS connections that failed for another reason than the peer's certificate ({@code
   * ssl.connection_error}).
   */
  public final LongAdder sslConnectionError = new LongAdder();

  /** Peers whose certificate no trusted CA has signed ({@code ssl.fail_verify_error}). */
  public final LongAdder sslFailVerifyError = new LongAdder();

  /** Peers whose certificate is for somebody else ({@code ssl.fail_verify_san}). */
  public final LongAdder sslFailVerifySan = new LongAdder();

  /**
   * Peers that showed no certificate although one is required ({@code ssl.fail_verify_no_cert}).
   */
  public final LongAdder sslFailVerifyNoCert = new LongAdder();

  /**
   * Handshakes without a certificate of the peer, none being required ({@code ssl.no_certificate}).
   */
  public final LongAdder sslNoCertificate = new LongAdder();

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

  /** Connections that ended for this reason. */
  @SuppressWarnings("NullAway") // the constructor fills in every constant
  public LongAdder closed(CloseReason reason) {
    return closed.get(reason);
  }
}
