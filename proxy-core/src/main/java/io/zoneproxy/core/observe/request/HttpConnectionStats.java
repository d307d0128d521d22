package io.zoneproxy.core.observe.request;

import io.zoneproxy.core.observe.Histogram;
import java.util.concurrent.atomic.LongAdder;

/** Counters of downstreams' connections that speak HTTP ({@code downstream_cx_…}). Any thread. */
public final class HttpConnectionStats {
  /** Connections ({@code total}). */
  public final LongAdder total = new LongAdder();

  /** Those open now ({@code active}). */
  public final LongAdder active = new LongAdder();

  /** Those ended ({@code destroy}). */
  public final LongAdder destroyed = new LongAdder();

  /** Those whose TLS ends here ({@code ssl_total}). */
  public final LongAdder secure = new LongAdder();

  /** Those of them open now ({@code ssl_active}). */
  public final LongAdder secureActive = new LongAdder();

  /** Those that were found to speak HTTP/1.1 ({@code http1_total}). */
  public final LongAdder http1 = new LongAdder();

  /** Those of them open now ({@code http1_active}). */
  public final LongAdder http1Active = new LongAdder();

  /** Those that were found to speak HTTP/2 ({@code http2_total}). */
  public final LongAdder http2 = new LongAdder();

  /** Those of them open now ({@code http2_active}). */
  public final LongAdder http2Active = new LongAdder();

  /** Closed because no request came for too long ({@code idle_timeout}). */
  public final LongAdder idleTimeout = new LongAdder();

  /** What broke the protocol's rules ({@code protocol_error}). */
  public final LongAdder protocolError = new LongAdder();

  /** Asked to leave in a drain ({@code drain_close}). */
  public final LongAdder drainClose = new LongAdder();

  /** Bytes received, without what TLS makes of them ({@code rx_bytes_total}). */
  public final LongAdder rxBytes = new LongAdder();

  /** Bytes sent, likewise ({@code tx_bytes_total}). */
  public final LongAdder txBytes = new LongAdder();

  private final Histogram lengthMillis = new Histogram();

  /** Milliseconds from their begin to their end ({@code length_ms}). */
  public Histogram lengthMillis() {
    return lengthMillis;
  }
}
