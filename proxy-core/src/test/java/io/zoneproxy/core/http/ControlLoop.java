package io.zoneproxy.core.http;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.TimeUnit;

/** An event loop for one test. */
public final class ControlLoop implements AutoCloseable {
  private final EventLoopGroup group;

  private ControlLoop(EventLoopGroup group) {
    this.group = group;
  }

  public static ControlLoop nio() {
    return new ControlLoop(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()));
  }

  public EventLoop loop() {
    return group.next();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
