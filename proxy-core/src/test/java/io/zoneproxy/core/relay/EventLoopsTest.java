package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class EventLoopsTest {
  /** Told while it runs tasks, a loop of Netty's ends without a look at its channels. */
  @Test
  void channelsAreClosedWheneverALoopIsTold() throws Exception {
    EventLoopGroup loops = new EventLoops(1, "test", NioIoHandler.newFactory());
    Channel open =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(new ChannelInboundHandlerAdapter())
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    Future<?> task =
        loops.submit(
            () -> {
              running.countDown();
              return told.await(20, TimeUnit.SECONDS);
            });
    running.await();
    Future<?> ended = loops.shutdownGracefully(0, 20, TimeUnit.SECONDS);
    told.countDown();

    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(task.getNow()).isEqualTo(true);
    assertThat(open.isOpen()).isFalse();
    assertThat(open.closeFuture().isDone()).isTrue();
  }

  @Test
  void anIdleLoopEndsAtOnce() throws Exception {
    EventLoopGroup loops = new EventLoops(1, "test", NioIoHandler.newFactory());
    loops.submit(() -> {}).sync();

    assertThat(loops.shutdownGracefully(0, 60, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS))
        .isTrue();
  }
}
