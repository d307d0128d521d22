package io.zoneproxy.core.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counters of one cluster, under the names that Envoy gives them. Any thread may add. */
public final class ClusterStats {
  /** Connections dialed ({@code upstream_cx_total}). */
  public final LongAdder total = new LongAdder();

  /** Connections that the upstream reset ({@code upstream_cx_destroy_remote_with_active_rq}). */
  public final LongAdder resetByRemote = new LongAdder();

  /** Connections open now ({@code upstream_cx_active}). */
  public final LongAdder active = new LongAdder();

  /** Attempts that failed, timeouts included ({@code upstream_cx_connect_fail}). */
  public final LongAdder connectFail = new LongAdder();

  /** Attempts that timed out ({@code upstream_cx_connect_timeout}). */
  public final LongAdder connectTimeout = new LongAdder();

  /** Connections that had no endpoint ({@code upstream_cx_none_healthy}). */
  public final LongAdder noneHealthy = new LongAdder();

  /** Connections moved to another endpoint ({@code upstream_rq_retry} in Envoy's terms). */
  public final LongAdder failover = new LongAdder();

  /** Bytes received from upstreams ({@code upstream_cx_rx_bytes_total}). */
  public final LongAdder rxBytes = new LongAdder();

  /** Bytes sent to upstreams ({@code upstream_cx_tx_bytes_total}). */
  public final LongAdder txBytes = new LongAdder();

  /** Connections refused because too many are open ({@code upstream_cx_overflow}). */
  public final LongAdder overflow = new LongAdder();

  /** Connections refused because too many are dialed ({@code upstream_rq_pending_overflow}). */
  public final LongAdder pendingOverflow = new LongAdder();

  /** Choices while too few endpoints were healthy ({@code lb_healthy_panic}). */
  public final LongAdder healthyPanic = new LongAdder();

  /** Connections open or being dialed, exactly: what the circuit breaker limits. */
  public final AtomicLong connections = new AtomicLong();

  /** Connections being dialed ({@code upstream_rq_pending_active}), exactly. */
  public final AtomicLong dialing = new AtomicLong();

  private final Histogram connectMs = new Histogram();

  /** Milliseconds from dial to connected ({@code upstream_cx_connect_ms}). */
  public Histogram connectMs() {
    return connectMs;
  }

  private volatile @Nullable TlsStats tls;

  /** Its TLS handshakes; made when first asked for, so only what begins TLS asks. */
  public TlsStats tls() {
    TlsStats known = tls;
    return known != null ? known : makeTls();
  }

  private synchronized TlsStats makeTls() {
    TlsStats known = tls;
    if (known == null) {
      known = new TlsStats();
      tls = known;
    }
    return known;
  }

  /** Its TLS handshakes, null when there never was one. */
  public @Nullable TlsStats tlsIfAny() {
    return tls;
  }

  private volatile @Nullable RequestStats requests;

  /** Its HTTP requests; made when first asked for, so only what speaks HTTP asks. */
  public RequestStats requests() {
    RequestStats known = requests;
    return known != null ? known : makeRequests();
  }

  private synchronized RequestStats makeRequests() {
    RequestStats known = requests;
    if (known == null) {
      known = new RequestStats();
      requests = known;
    }
    return known;
  }

  /** Its HTTP requests, null when there never was one. */
  public @Nullable RequestStats requestsIfAny() {
    return requests;
  }
}
