package io.zoneproxy.bench.side;

import io.zoneproxy.bench.load.Work;

/**
 * How long things take.
 *
 * @param millis of a measured interval
 * @param warmMillis before each
 * @param firstMillis before the first one of a kind of work on a process, at least
 * @param firstConnections before the first one with connections, at least; a JVM compiles what was
 *     called often, however long that took on a busy machine
 */
record Pace(long millis, long warmMillis, long firstMillis, long firstConnections) {
  /** For figures: a JVM has compiled everything after some 5 s of connections. */
  static final Pace FULL = new Pace(3_000, 1_000, 3_000, 40_000);

  /** For a look. */
  static final Pace QUICK = new Pace(1_000, 300, 1_000, 15_000);

  /** A connection is some calls of what reads and writes, and a request fewer. */
  private static final int REQUESTS_FOR_EACH = 4;

  /** The same with another interval. */
  Pace withMillis(long other) {
    return new Pace(other, warmMillis, firstMillis, firstConnections);
  }

  /** Bytes, connections or requests before the first interval. */
  long firstUnits(Work.Kind kind) {
    return switch (kind) {
      case CONNECT, TLS_HANDSHAKE_EC, TLS_HANDSHAKE_RSA -> firstConnections;
      case TLS_HTTP1, TLS_HTTP2 -> REQUESTS_FOR_EACH * firstConnections;
      default -> 0;
    };
  }
}
