package io.zoneproxy.core.relay.epoll;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.ListeningSocket;
import io.zoneproxy.core.relay.Relay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The epoll relay with as many pipes as a test says.
 *
 * @param quota of all its loops
 * @param used its loops, known from the first listener on
 */
record QuotaRelay(PipeQuota quota, Map<EventLoop, RelayLoop> used) implements Relay {
  QuotaRelay(long quotaBytes) {
    this(new PipeQuota(quotaBytes), new ConcurrentHashMap<>());
  }

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public EventLoopGroup loops(int threads, String threadName) {
    return new EpollRelay().loops(threads, threadName);
  }

  @Override
  public boolean canShareAddress() {
    return true;
  }

  @Override
  public Future<ListeningSocket> listen(
      EventLoop loop,
      EventLoopGroup children,
      InetSocketAddress address,
      boolean shared,
      ListenerContext context) {
    Promise<ListeningSocket> bound = loop.newPromise();
    loop.execute(
        () -> {
          try {
            bound.setSuccess(Acceptor.open(address, shared, context, of(loop)));
          } catch (IOException e) {
            bound.setFailure(e);
          }
        });
    return bound;
  }

  private RelayLoop of(EventLoop loop) {
    return Objects.requireNonNull(
        used.computeIfAbsent(
            loop,
            each -> {
              PipePool pipes = new PipePool(each, quota, () -> PipeSize.FIXED);
              return new RelayLoop((IoEventLoop) each, pipes, () -> used.remove(each));
            }));
  }
}
