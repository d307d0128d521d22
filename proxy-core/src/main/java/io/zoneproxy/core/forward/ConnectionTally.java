package io.zoneproxy.core.forward;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.zoneproxy.core.observe.request.HttpConnectionStats;
import io.zoneproxy.core.observe.request.HttpStats;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts one downstream's connection among those of its chain. On its event loop. */
final class ConnectionTally {
  private static final AttributeKey<ConnectionTally> KEY =
      AttributeKey.valueOf(ConnectionTally.class, "KEY");

  private final HttpConnectionStats stats;
  private final long beginNanos = System.nanoTime();
  private @Nullable LongAdder ofVersion; // of the open ones that speak what it speaks

  private ConnectionTally(HttpConnectionStats stats) {
    this.stats = stats;
  }

  /** Begins to count, until the channel closes. */
  static void begin(Channel channel, HttpStats stats, boolean secure) {
    ConnectionTally tally = new ConnectionTally(stats.connections);
    channel.attr(KEY).set(tally);
    stats.connections.total.increment();
    stats.connections.active.increment();
    if (secure) {
      stats.connections.secure.increment();
      stats.connections.secureActive.increment();
    }
    channel.closeFuture().addListener(closed -> tally.end(secure));
  }

  static ConnectionTally of(Channel channel) {
    return Objects.requireNonNull(channel.attr(KEY).get());
  }

  void speaksHttp1() {
    speaks(stats.http1, stats.http1Active);
  }

  void speaksHttp2() {
    speaks(stats.http2, stats.http2Active);
  }

  private void speaks(LongAdder all, LongAdder open) {
    all.increment();
    open.increment();
    ofVersion = open;
  }

  private void end(boolean secure) {
    stats.active.decrement();
    stats.destroyed.increment();
    if (secure) {
      stats.secureActive.decrement();
    }
    LongAdder open = ofVersion;
    if (open != null) {
      open.decrement();
    }
    stats.lengthMillis().record(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos));
  }
}
