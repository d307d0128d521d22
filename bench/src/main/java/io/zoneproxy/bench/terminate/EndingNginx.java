package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.load.tls.Certificates.KeyKind;
import io.zoneproxy.bench.load.tls.Ports;
import io.zoneproxy.bench.side.Nginx;
import io.zoneproxy.bench.side.Peer;
import io.zoneproxy.bench.side.Place;

/** nginx; it cannot read a URI SAN, and so lets pass by the subject; a stream without even that. */
final class EndingNginx {
  private final Certificates certificates;

  private EndingNginx(Certificates certificates) {
    this.certificates = certificates;
  }

  static Peer peer(Certificates certificates) {
    Nginx nginx = new Nginx();
    EndingNginx ending = new EndingNginx(certificates);
    return new EndingPeer(
        nginx, nginx.name(), place -> nginx.launch(place, ending.configuration(place)));
  }

  /** Connections are to stay: its own limit is 1,000 requests each. */
  private String configuration(Place place) {
    return String.join(
        "\n",
        "load_module " + Nginx.MODULE + ";",
        "daemon off;",
        "user root;",
        "pid " + place.folder().resolve("nginx.pid") + ";",
        "error_log stderr error;",
        "worker_processes " + place.loops() + ";",
        "events { worker_connections 18000; }",
        "http {",
        "  access_log off;",
        "  keepalive_timeout 1h;",
        "  keepalive_requests 1000000000;",
        "  map $ssl_client_s_dn $passes { default 0; CN=" + Certificates.CLIENT_NAME + " 1; }",
        "  upstream one {",
        "    server " + Place.HOST + ":" + (place.upstreamPort() + Ports.UPSTREAM_HTTP) + ";",
        "    keepalive 256;",
        "    keepalive_requests 1000000000;",
        "  }",
        server(place.port() + Ports.HTTP_EC, KeyKind.EC),
        server(place.port() + Ports.HTTP_RSA, KeyKind.RSA),
        "}",
        "stream {",
        "  server {",
        "    listen " + Place.HOST + ":" + (place.port() + Ports.TCP_EC) + " ssl backlog=4096;",
        tls(KeyKind.EC),
        "    proxy_timeout 1h;",
        "    proxy_pass " + Place.HOST + ":" + (place.upstreamPort() + Ports.UPSTREAM_TCP) + ";",
        "  }",
        "}",
        "");
  }

  private String server(int port, KeyKind key) {
    return String.join(
        "\n",
        "  server {",
        "    listen " + Place.HOST + ":" + port + " ssl http2 backlog=4096;",
        tls(key),
        "    if ($passes = 0) { return 403; }",
        "    location / {",
        "      proxy_pass http://one;",
        "      proxy_http_version 1.1;",
        "      proxy_set_header Connection \"\";",
        "      proxy_set_header Host $host;",
        "    }",
        "  }");
  }

  private String tls(KeyKind key) {
    return String.join(
        "\n",
        "    ssl_certificate " + certificates.server(key) + ";",
        "    ssl_certificate_key " + certificates.serverKey(key) + ";",
        "    ssl_client_certificate " + certificates.authority(key) + ";",
        "    ssl_verify_client on;",
        "    ssl_protocols TLSv1.2 TLSv1.3;");
  }
}
