package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.balance.HttpUpstream;
import java.util.List;
import java.util.Locale;

/** What is spoken with an external service. */
enum Protocol {
  /** Bytes, of whatever protocol. */
  TCP,
  HTTP,
  /** gRPC too. */
  HTTP_2;

  /** Of Kuma's word for it; what is no HTTP is bytes. */
  static Protocol of(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "http" -> HTTP;
      case "http2", "grpc" -> HTTP_2;
      default -> TCP;
    };
  }

  boolean isHttp() {
    return this != TCP;
  }

  /** Towards the service. */
  HttpUpstream.Version upstream() {
    return this == HTTP_2 ? HttpUpstream.Version.HTTP_2 : HttpUpstream.Version.HTTP_1_1;
  }

  /** What is offered to the service: servers choose HTTP/2 by it. */
  List<String> alpn() {
    return switch (this) {
      case TCP -> List.of();
      case HTTP -> List.of("http/1.1");
      case HTTP_2 -> List.of("h2");
    };
  }
}
