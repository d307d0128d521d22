package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.load.Work;
import io.zoneproxy.bench.load.Work.Kind;
import io.zoneproxy.bench.side.Workload;
import io.zoneproxy.bench.side.Workload.Unit;
import java.util.List;

/** What proxies that end TLS are measured with, in the report's order. */
final class TerminateWorkloads {
  /** A small answer, as an API has. */
  private static final int ANSWER_BYTES = 128;

  /** Of HTTP/1.1; as many requests are under way at a time. */
  private static final int CONNECTIONS = 50;

  /** Of HTTP/2, with ten streams each: as many requests as of HTTP/1.1. */
  private static final int MULTIPLEXED = 5;

  private static final int RATE = 10_000; // a second

  private static final int HANDSHAKES = 16; // at a time, as new connections of what only relays

  private static final int STREAMS = 4;

  private static final int LARGE_BYTES = 60 * 1024; // fits HTTP/2's first window

  private static final int IDLE = 2_000;

  private TerminateWorkloads() {}

  static List<Workload> all() {
    return List.of(
        of("http1", "HTTP/1.1 requests, 50 connections", Unit.REQUEST, Kind.TLS_HTTP1, CONNECTIONS),
        of(
            "http2",
            "HTTP/2 requests, 5 connections of 10 streams",
            Unit.REQUEST,
            Kind.TLS_HTTP2,
            MULTIPLEXED),
        rate("rate-http1", "HTTP/1.1 requests, 10,000/s", Kind.TLS_HTTP1, CONNECTIONS),
        rate("rate-http2", "HTTP/2 requests, 10,000/s", Kind.TLS_HTTP2, MULTIPLEXED),
        of(
            "handshake-ec",
            "handshakes with one request, P-256",
            Unit.CONNECTION,
            Kind.TLS_HANDSHAKE_EC,
            HANDSHAKES),
        of(
            "handshake-rsa",
            "handshakes with one request, RSA-2048",
            Unit.CONNECTION,
            Kind.TLS_HANDSHAKE_RSA,
            HANDSHAKES),
        large("large-http1", "HTTP/1.1 answers of 60 KiB, 4 connections", Kind.TLS_HTTP1, STREAMS),
        large(
            "large-http2",
            "HTTP/2 answers of 60 KiB, 1 connection of 10 streams",
            Kind.TLS_HTTP2,
            1),
        of("down-1", "TCP bulk down, 1 connection", Unit.GIGABYTE, Kind.TLS_DOWN, 1),
        of("down-4", "TCP bulk down, 4 connections", Unit.GIGABYTE, Kind.TLS_DOWN, STREAMS),
        of("up-4", "TCP bulk up, 4 connections", Unit.GIGABYTE, Kind.TLS_UP, STREAMS),
        new Workload(
            "idle",
            "memory of an idle connection",
            Unit.IDLE_CONNECTION,
            Work.inTls(Kind.TLS_IDLE, IDLE, 0, ANSWER_BYTES),
            1,
            Workload.Kind.MEMORY));
  }

  private static Workload of(String id, String title, Unit unit, Kind kind, int connections) {
    return new Workload(
        id, title, unit, Work.inTls(kind, connections, 0, ANSWER_BYTES), 1, Workload.Kind.COST);
  }

  private static Workload large(String id, String title, Kind kind, int connections) {
    return new Workload(
        id,
        title,
        Unit.REQUEST,
        Work.inTls(kind, connections, 0, LARGE_BYTES),
        1,
        Workload.Kind.COST);
  }

  private static Workload rate(String id, String title, Kind kind, int connections) {
    return new Workload(
        id,
        title,
        Unit.REQUEST,
        Work.inTls(kind, connections, RATE, ANSWER_BYTES),
        1,
        Workload.Kind.COST);
  }
}
