package io.zoneproxy.bench.load;

import io.zoneproxy.bench.load.tls.TlsDrivers;
import java.util.Arrays;
import java.util.List;

/**
 * One kind of work for clients, written as {@code KIND:CONNECTIONS:PER_SECOND:ANSWER:PADDING}.
 *
 * @param kind what they do
 * @param connections of it, or so many at a time
 * @param perSecond requests on all connections together; 0 where that has no meaning
 * @param answerBytes length of an answer; 0 for streams
 * @param paddingBytes content that a request carries beside its header of 32 bytes
 */
public record Work(Kind kind, int connections, int perSecond, long answerBytes, int paddingBytes) {
  private static final int FIELDS = 5;

  /** An idle connection has answered once, with so little that no buffer grows. */
  private static final int IDLE_ANSWER_BYTES = 16;

  /** A request of 1 KiB with its header, as its answer. */
  private static final int KIB = 1024;

  /** What clients do. */
  public enum Kind {
    /** Receive a stream without end on each connection. */
    DOWNLOAD,
    /** Send one. */
    UPLOAD,
    /** Connect, get one answer, see FIN, begin again. */
    CONNECT,
    /** Ask at a fixed rate over connections that stay. */
    REQUEST,
    /** Connect, get one answer, stay. */
    IDLE,
    /** HTTP/1.1 in TLS: the next request follows the answer, or there is a rate. */
    TLS_HTTP1,
    /** The same over HTTP/2, some streams a connection. */
    TLS_HTTP2,
    /** A TLS handshake and one HTTP/1.1 request, P-256. */
    TLS_HANDSHAKE_EC,
    /** The same, RSA-2048. */
    TLS_HANDSHAKE_RSA,
    /** As DOWNLOAD, in TLS. */
    TLS_DOWN,
    /** As UPLOAD, in TLS. */
    TLS_UP,
    /** As IDLE, HTTP/1.1 in TLS. */
    TLS_IDLE;

    /** Whether the clients speak TLS in earnest. */
    public boolean inTls() {
      return compareTo(TLS_HTTP1) >= 0;
    }
  }

  /** Bulk over so many connections. */
  public static Work bulk(Kind direction, int connections) {
    return new Work(direction, connections, 0, 0, 0);
  }

  /** New connections, so many at a time, 1 KiB each. */
  public static Work connect(int atATime) {
    return new Work(Kind.CONNECT, atATime, 0, KIB, 0);
  }

  /** Requests of 1 KiB, answered with 1 KiB. */
  public static Work ping(int connections, int perSecond) {
    return new Work(Kind.REQUEST, connections, perSecond, KIB, KIB - Request.HEADER_BYTES);
  }

  /** Short requests with longer answers. */
  public static Work answers(int connections, int perSecond, long answerBytes) {
    return new Work(Kind.REQUEST, connections, perSecond, answerBytes, 0);
  }

  /** Connections that do nothing more. */
  public static Work idle(int connections) {
    return new Work(Kind.IDLE, connections, 0, IDLE_ANSWER_BYTES, 0);
  }

  /** The same over TLS that the proxy ends; which is told by the kind. */
  public static Work inTls(Kind kind, int connections, int perSecond, long answerBytes) {
    return new Work(kind, connections, perSecond, answerBytes, 0);
  }

  /** What a fresh process does before its memory is looked at. */
  public Work beforeIdle() {
    int atATime = 16; // the workload of new connections
    return kind == Kind.TLS_IDLE
        ? inTls(Kind.TLS_HANDSHAKE_EC, atATime, 0, answerBytes)
        : connect(atATime);
  }

  /** Parses several, joined by {@code +}. */
  static List<Work> parseAll(String text) {
    return Arrays.stream(text.split("\\+", -1)).map(Work::parse).toList();
  }

  /**
   * Parses {@link #toString}.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Work parse(String text) {
    String[] fields = text.split(":", -1);
    if (fields.length != FIELDS) {
      throw new IllegalArgumentException(text + " (expected: KIND:n:n:n:n)");
    }
    return new Work(
        Kind.valueOf(fields[0]),
        Integer.parseInt(fields[1]),
        Integer.parseInt(fields[2]),
        Long.parseLong(fields[3]),
        Integer.parseInt(fields[4]));
  }

  /** The clients that do it, not yet started. */
  Driver driver(Site site) {
    return switch (kind) {
      case DOWNLOAD, UPLOAD -> new BulkDriver(site, connections, kind == Kind.UPLOAD);
      case CONNECT -> new ConnectDriver(site, connections, answerBytes);
      case REQUEST, IDLE ->
          new RequestDriver(
              site,
              connections,
              perSecond,
              new Request(Request.Kind.ANSWER, 0, answerBytes, paddingBytes));
      default -> TlsDrivers.of(this, site.tls());
    };
  }

  @Override
  public String toString() {
    return kind + ":" + connections + ":" + perSecond + ":" + answerBytes + ":" + paddingBytes;
  }
}
