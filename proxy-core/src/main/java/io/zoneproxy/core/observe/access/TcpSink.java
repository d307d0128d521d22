package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.observe.access.format.ForwardedFormat;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to a collector over one TCP connection, which is made when there is something to
 * send and made again when it ends. What the collector sends is ignored.
 */
final class TcpSink implements LogSink {
  /** Three tries of the system's SYN, at 0, 1 and 3 s, and room for the last answer. */
  private static final int CONNECT_MILLIS = 5_000;

  /** Also between two connections of which the first was made: some accept only to close. */
  private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  /** A collector that is started again is found within half a minute. */
  private static final long LAST_PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

  private final ForwardedFormat collector;

  /** For what the collector sends: read away, so that its end is seen. */
  private final ByteBuffer ignored = ByteBuffer.allocate(1024);

  private @Nullable SocketChannel channel;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long nextTryNanos = System.nanoTime();

  TcpSink(ForwardedFormat collector) {
    this.collector = collector;
  }

  @Override
  public String name() {
    return "tcp://" + collector.address();
  }

  @Override
  public boolean ready() throws IOException {
    if (channel != null && isOpenYet(channel)) {
      return true;
    }
    disconnect();
    long now = System.nanoTime();
    if (now - nextTryNanos < 0) {
      return false;
    }
    try {
      channel = connect();
      pauseNanos = FIRST_PAUSE_NANOS;
      nextTryNanos = System.nanoTime() + pauseNanos;
      return true;
    } catch (IOException e) {
      // Some randomness, so that the proxies of a zone do not come all at once.
      long spread = ThreadLocalRandom.current().nextLong(pauseNanos / 4);
      nextTryNanos = System.nanoTime() + pauseNanos - spread;
      pauseNanos = Math.min(2 * pauseNanos, LAST_PAUSE_NANOS);
      throw e;
    }
  }

  private SocketChannel connect() throws IOException {
    InetSocketAddress address = collector.resolve();
    if (address.isUnresolved()) {
      throw new UnknownHostException(collector.host());
    }
    SocketChannel fresh = SocketChannel.open();
    try {
      fresh.setOption(StandardSocketOptions.SO_KEEPALIVE, true); // one way: else a death is silent
      fresh.socket().connect(address, CONNECT_MILLIS);
      return fresh;
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
  }

  /** Without this look the first records after the collector's end would be lost unseen. */
  private boolean isOpenYet(SocketChannel connected) {
    try {
      connected.configureBlocking(false);
      int read;
      do {
        ignored.clear();
        read = connected.read(ignored);
      } while (read == ignored.capacity());
      connected.configureBlocking(true);
      return read >= 0;
    } catch (IOException e) {
      return false; // reset: the same as an end
    }
  }

  @Override
  public boolean keepsHalfALine() {
    return false; // it stayed with the connection that failed
  }

  @Override
  public void write(byte[] lines) throws IOException {
    SocketChannel connected = channel;
    if (connected == null) {
      throw new IOException("not connected");
    }
    try {
      ByteBuffer rest = ByteBuffer.wrap(lines);
      while (rest.hasRemaining()) {
        connected.write(rest);
      }
    } catch (IOException e) {
      disconnect();
      throw e;
    }
  }

  @Override
  public void flush() {}

  @Override
  public void refresh() {}

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  private void disconnect() throws IOException {
    SocketChannel old = channel;
    channel = null;
    if (old != null) {
      old.close();
    }
  }
}
