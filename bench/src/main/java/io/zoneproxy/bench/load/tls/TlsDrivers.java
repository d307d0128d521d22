package io.zoneproxy.bench.load.tls;

import io.zoneproxy.bench.load.Driver;
import io.zoneproxy.bench.load.Work;

/** Makes the clients of a work in TLS. */
public final class TlsDrivers {
  private TlsDrivers() {}

  /** The clients, not yet started. */
  public static Driver of(Work work, TlsSite site) {
    int connections = work.connections();
    int answer = (int) work.answerBytes();
    return switch (work.kind()) {
      case TLS_HTTP1 -> http(work, site, false);
      case TLS_HTTP2 -> http(work, site, true);
      case TLS_HANDSHAKE_EC ->
          new HandshakeDriver(site, Certificates.KeyKind.EC, connections, answer);
      case TLS_HANDSHAKE_RSA ->
          new HandshakeDriver(site, Certificates.KeyKind.RSA, connections, answer);
      case TLS_DOWN -> new StreamDriver(site, connections, false);
      case TLS_UP -> new StreamDriver(site, connections, true);
      case TLS_IDLE -> new HttpDriver(site, HttpDriver.Pace.ONCE, false, connections, 0, answer);
      default -> throw new IllegalArgumentException(work + " (expected: a work in TLS)");
    };
  }

  private static Driver http(Work work, TlsSite site, boolean multiplexed) {
    HttpDriver.Pace pace = work.perSecond() == 0 ? HttpDriver.Pace.LOOP : HttpDriver.Pace.RATE;
    return new HttpDriver(
        site, pace, multiplexed, work.connections(), work.perSecond(), (int) work.answerBytes());
  }
}
