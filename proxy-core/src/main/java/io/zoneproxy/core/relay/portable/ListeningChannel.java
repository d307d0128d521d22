package io.zoneproxy.core.relay.portable;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.zoneproxy.core.relay.ListeningSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A bound channel.
 *
 * @param channel owned by this
 * @param address as bound; a closed channel has none
 */
record ListeningChannel(Channel channel, InetSocketAddress address) implements ListeningSocket {
  ListeningChannel(Channel channel) {
    this(channel, (InetSocketAddress) channel.localAddress());
  }

  /**
   * The JDK frees a socket that a selector knows in the selector's next round, not in its close():
   * until then the kernel would go on taking connections. What an event loop schedules for itself
   * runs after that round at the earliest.
   */
  @Override
  public Future<?> stopAccepting() {
    EventLoop loop = channel.eventLoop();
    Promise<Boolean> free = loop.newPromise();
    channel
        .close()
        .addListener(
            closed -> {
              if (loop.isShuttingDown()) {
                free.setSuccess(true); // it frees everything itself
              } else {
                loop.schedule(() -> free.setSuccess(true), 0, TimeUnit.NANOSECONDS);
              }
            });
    return free;
  }
}
