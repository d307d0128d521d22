package io.zoneproxy.core.observe;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counters of TLS handshakes, of a listener's or those towards a cluster, under the names that
 * Envoy gives them. Any thread may add.
 */
public final class TlsStats {
  /** Handshakes that ended with success ({@code ssl.handshake}). */
  public final LongAdder handshake = new LongAdder();

  /** Those of them that took up an earlier session ({@code ssl.session_reused}). */
  public final LongAdder sessionReused = new LongAdder();

  /**
   * Connections that failed for another reason than the peer's certificate ({@code
   * ssl.connection_error}).
   */
  public final LongAdder connectionError = new LongAdder();

  /** Peers whose certificate no trusted CA has signed ({@code ssl.fail_verify_error}). */
  public final LongAdder failVerifyError = new LongAdder();

  /** Peers whose certificate is for somebody else ({@code ssl.fail_verify_san}). */
  public final LongAdder failVerifySan = new LongAdder();

  /**
   * Peers that showed no certificate although one is required ({@code ssl.fail_verify_no_cert}).
   */
  public final LongAdder failVerifyNoCert = new LongAdder();

  /**
   * Handshakes without a certificate of the peer, none being required ({@code ssl.no_certificate}).
   */
  public final LongAdder noCertificate = new LongAdder();
}
