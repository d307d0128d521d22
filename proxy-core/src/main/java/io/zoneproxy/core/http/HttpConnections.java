package io.zoneproxy.core.http;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The open connections of one port, the one that was quiet longest first. Any thread: they may be
 * on several event loops.
 *
 * <p>When there are too many, that first one is closed rather than the new one refused: a readiness
 * port may be open to the network, and whoever held all places there could make the probe fail and
 * have the proxy restarted.
 */
final class HttpConnections {
  private final int max;
  private final Set<Channel> quietestFirst = new LinkedHashSet<>();
  private volatile boolean draining;

  HttpConnections(int max) {
    this.max = max;
  }

  /** A connection was accepted. */
  synchronized void opened(Channel channel) {
    quietestFirst.add(channel);
    if (quietestFirst.size() > max) {
      Iterator<Channel> all = quietestFirst.iterator();
      Channel quietest = all.next();
      all.remove();
      quietest.close();
    }
  }

  /** A whole request came. */
  synchronized void used(Channel channel) {
    if (quietestFirst.remove(channel)) {
      quietestFirst.add(channel);
    }
  }

  /** A connection has ended. */
  synchronized void closed(Channel channel) {
    quietestFirst.remove(channel);
  }

  /** An event for each pipeline: whoever is idle ends. */
  static final Object DRAIN = "drain";

  /** The proxy is about to end: no connection is kept alive any more. */
  synchronized void drain() {
    draining = true;
    quietestFirst.forEach(channel -> channel.pipeline().fireUserEventTriggered(DRAIN));
  }

  /** Whether answers end their connections. */
  boolean draining() {
    return draining;
  }

  /** Ends all of them. */
  synchronized void closeAll() {
    new ArrayList<>(quietestFirst).forEach(Channel::close);
  }
}
