package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.core.observe.request.RequestRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Writes one line for each connection, and one for each request of those that speak HTTP. Event
 * loops only put the record into a queue; a daemon thread formats and writes. When it cannot keep
 * up, or its destination fails, records are dropped and counted ({@link
 * ServerStats#accessLogDropped}): the proxy never waits for its log.
 */
public final class AccessLog implements ConnectionObserver, RequestObserver, AutoCloseable {
  /**
   * Half a second of 30,000 connections a second, longer than a disk's usual hiccup; with the
   * longest server names it holds about 20 MB.
   */
  static final int CAPACITY = 16 * 1024;

  /** A destination that blocks (a full pipe) must not keep the process from its end. */
  static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final LogDestination<AccessFields.Entry> destination;

  AccessLog(LogSink sink, AccessLogFormat format, ServerStats stats, int capacity) {
    Drops drops = new Drops(stats.accessLogDropped);
    destination =
        new LogDestination<>("zoneproxy-access-log", sink, format::append, drops, capacity);
  }

  /** Writes to the process's standard output, past {@link System#out}, which hides errors. */
  public static AccessLog toStandardOutput(AccessLogFormat format, ServerStats stats) {
    return new AccessLog(StreamSink.STANDARD_OUTPUT, format, stats, CAPACITY);
  }

  /** Writes to the process's standard error. */
  public static AccessLog toStandardError(AccessLogFormat format, ServerStats stats) {
    return new AccessLog(StreamSink.STANDARD_ERROR, format, stats, CAPACITY);
  }

  /**
   * Writes to a stream.
   *
   * @param name of the stream, for messages
   * @param out flushed whenever nothing more is waiting; never closed here
   */
  public static AccessLog toStream(
      String name, OutputStream out, AccessLogFormat format, ServerStats stats) {
    return new AccessLog(new StreamSink(name, out), format, stats, CAPACITY);
  }

  /**
   * Appends to a file. When it is moved away or deleted a new one is begun within about a second.
   *
   * @param file keeps its mode when it exists, else it is created with 0640
   * @throws IOException when it cannot be opened; the message names it
   */
  public static AccessLog toFile(Path file, AccessLogFormat format, ServerStats stats)
      throws IOException {
    try {
      return new AccessLog(FileSink.open(file), format, stats, CAPACITY);
    } catch (IOException e) {
      throw new IOException("access log " + file + ": cannot be written: " + e, e);
    }
  }

  /** Any thread; neither blocks nor throws. */
  @Override
  public void onClosed(ConnectionRecord record) {
    destination.offer(sink -> AccessFields.write(record, sink));
  }

  /** Any thread; neither blocks nor throws. */
  @Override
  public void onEnded(RequestRecord record) {
    RequestFields fields = RequestFields.of(record);
    destination.offer(sink -> fields.write(sink));
  }

  /**
   * Writes out what is queued and ends the thread; waits at most five seconds for a destination
   * that blocks. What comes later is dropped and counted. A second call does no harm.
   */
  @Override
  public void close() {
    destination.retire();
    destination.awaitEnd(System.nanoTime() + CLOSE_LIMIT.toNanos());
  }
}
