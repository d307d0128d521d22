package io.zoneproxy.core.relay;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;

/**
 * Event loops, on daemon threads, that close all their channels when they are shut down. Netty's
 * own look twice in each round whether they are to end: before they close their channels, and when
 * they decide to end. Told in between, and without a quiet period, they end with all of them open:
 * sockets and TLS engines would stay for as long as the process (seen with Netty 4.2.18).
 */
public final class EventLoops extends MultiThreadIoEventLoopGroup {
  /**
   * @param threads how many, at least 1
   * @param name begins the names of their threads
   */
  public EventLoops(int threads, String name, IoHandlerFactory handlers) {
    super(threads, new DefaultThreadFactory(name, true), handlers);
  }

  @Override
  protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... none) {
    return new Loop(this, executor, handlers);
  }

  private static final class Loop extends SingleThreadIoEventLoop {
    private boolean seen; // on its thread: that it is to end

    Loop(IoEventLoopGroup group, Executor executor, IoHandlerFactory handlers) {
      super(group, executor, handlers);
    }

    /** Never in the round in which it is seen first: the next one closes the channels. */
    @Override
    protected boolean confirmShutdown() {
      if (!seen && isShuttingDown()) {
        seen = true;
        execute(() -> {}); // so that the next round does not wait for a socket
        return false;
      }
      return super.confirmShutdown();
    }
  }
}
