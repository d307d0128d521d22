package io.zoneproxy.core.model;

/** What a connection begins with, as a filter chain may ask for. */
public enum TransportProtocol {
  /** Makes no difference. */
  ANY,
  /** A ClientHello (Envoy: {@code tls}). */
  TLS,
  /** Something else (Envoy: {@code raw_buffer}). */
  PLAIN
}
