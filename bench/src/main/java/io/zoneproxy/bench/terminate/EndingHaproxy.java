package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.load.tls.Certificates.KeyKind;
import io.zoneproxy.bench.load.tls.Ports;
import io.zoneproxy.bench.side.Haproxy;
import io.zoneproxy.bench.side.Peer;
import io.zoneproxy.bench.side.Place;

/** HAProxy; it cannot read a URI SAN, and so lets pass by the subject. */
final class EndingHaproxy {
  private static final int MAX_CONNECTIONS = 7000; // as where it only relays

  private final Certificates certificates;

  private EndingHaproxy(Certificates certificates) {
    this.certificates = certificates;
  }

  static Peer peer(Certificates certificates) {
    Haproxy haproxy = new Haproxy(false);
    EndingHaproxy ending = new EndingHaproxy(certificates);
    return new EndingPeer(
        haproxy, "HAProxy", place -> haproxy.launch(place, ending.configuration(place)));
  }

  private String configuration(Place place) {
    return String.join(
        "\n",
        "global",
        "  nbthread " + place.loops(),
        "  maxconn " + MAX_CONNECTIONS,
        "  ssl-default-bind-options ssl-min-ver TLSv1.2",
        "defaults",
        "  timeout connect 5s",
        "  timeout client 1h",
        "  timeout server 1h",
        frontend("http", place.port() + Ports.HTTP_EC, KeyKind.EC, " alpn h2,http/1.1"),
        frontend("http", place.port() + Ports.HTTP_RSA, KeyKind.RSA, " alpn h2,http/1.1"),
        frontend("tcp", place.port() + Ports.TCP_EC, KeyKind.EC, ""),
        "backend http",
        "  mode http",
        "  http-reuse always",
        "  server one " + Place.HOST + ":" + (place.upstreamPort() + Ports.UPSTREAM_HTTP),
        "backend tcp",
        "  mode tcp",
        "  server one " + Place.HOST + ":" + (place.upstreamPort() + Ports.UPSTREAM_TCP),
        "");
  }

  private String frontend(String mode, int port, KeyKind key, String protocols) {
    String denied = mode.equals("http") ? "http-request deny" : "tcp-request content reject";
    return String.join(
        "\n",
        "frontend " + mode + "-" + port,
        "  mode " + mode,
        "  bind %s:%d backlog 4096 ssl crt %s ca-file %s verify required%s"
            .formatted(
                Place.HOST,
                port,
                certificates.serverBoth(key),
                certificates.authority(key),
                protocols),
        "  " + denied + " unless { ssl_c_s_dn(cn) -m str " + Certificates.CLIENT_NAME + " }",
        "  default_backend " + mode);
  }
}
