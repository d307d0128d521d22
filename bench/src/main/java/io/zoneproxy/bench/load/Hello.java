package io.zoneproxy.bench.load;

import io.zoneproxy.tls.hello.ClientHellos;

/** The ClientHello that each connection begins with: one TLS record, legal TLS 1.3. */
final class Hello {
  /** What BoringSSL, the TLS of Kuma's sidecars, pads its own to. */
  private static final int MESSAGE_BYTES = 512;

  private final byte[] bytes;

  private Hello(byte[] bytes) {
    this.bytes = bytes;
  }

  /** With this name as SNI. */
  static Hello withServerName(String name) {
    return new Hello(
        ClientHellos.records(
            ClientHellos.builder().serverName(name).paddedTo(MESSAGE_BYTES).message()));
  }

  /** What goes over the wire; shared, not to be changed. */
  byte[] bytes() {
    return bytes;
  }
}
