package io.zoneproxy.core.relay.portable;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.ConnectionBook;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.ListeningSocket;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.relay.Side;
import java.net.InetSocketAddress;

/** Relays with Netty channels over NIO: works on every system, costs more than it must on Linux. */
public final class PortableRelay implements Relay {
  @Override
  public String name() {
    return "portable";
  }

  @Override
  public EventLoopGroup loops(int threads, String threadName) {
    return Transport.loops(threads, threadName);
  }

  @Override
  public boolean canShareAddress() {
    return Transport.canShareAddress();
  }

  @Override
  public Future<ListeningSocket> listen(
      EventLoop loop,
      EventLoopGroup children,
      InetSocketAddress address,
      boolean shared,
      ListenerContext context) {
    ChannelFuture bind =
        Transport.listening(loop, children, shared)
            .handler(new AcceptHandler(context))
            .childHandler(new Accepted(context))
            .bind(address);
    Promise<ListeningSocket> bound = loop.newPromise();
    bind.addListener(
        done -> {
          if (done.isSuccess()) {
            bound.setSuccess(new ListeningChannel(bind.channel()));
          } else {
            bound.setFailure(done.cause());
          }
        });
    return bound;
  }

  /** Where the handlers of a fresh connection are put in. */
  private static final class Accepted extends ChannelInitializer<DuplexChannel> {
    private final ListenerContext context;

    Accepted(ListenerContext context) {
      this.context = context;
    }

    @Override
    protected void initChannel(DuplexChannel downstream) {
      CloseReason refused = context.admission().admit();
      if (refused == null) {
        begin(new Session(context, downstream), downstream);
      } else {
        context.stats().overflow.increment();
        new ConnectionBook(context, downstream.remoteAddress()).end(refused, "");
        Sockets.reset(downstream);
      }
    }

    private void begin(Session session, DuplexChannel downstream) {
      try {
        downstream.pipeline().addLast(new PeekHandler(context, session));
      } catch (Throwable e) { // a peek is another module's code; its mistake must not cost a socket
        session.onError(Side.DOWNSTREAM, e);
      }
    }
  }
}
