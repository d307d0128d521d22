package io.zoneproxy.cp.sds;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.Executor;

/**
 * Opens connections to servers of secrets, in plain text: they never leave the machine. Each
 * attempt has a channel of its own, so that gRPC's back-off, which grows to two minutes, has no
 * say. No keep-alive: the kernel says when the other end of a local socket is gone, and gRPC's
 * servers in Go hang up on who pings more often than every five minutes.
 */
final class Channels {
  /** A path is no legal HTTP authority; this is what others send over Unix sockets. */
  private static final String AUTHORITY = "localhost";

  private final EventLoopGroup loops;
  private final Executor executor;

  /**
   * @param loops for sockets; NIO
   * @param executor for everything that a stream is told
   */
  Channels(EventLoopGroup loops, Executor executor) {
    this.loops = loops;
    this.executor = executor;
  }

  /** One that connects with its first call. */
  ManagedChannel open(ServerAddress to) {
    Class<? extends Channel> type =
        to.pipe().isPresent() ? NioDomainSocketChannel.class : NioSocketChannel.class;
    NettyChannelBuilder channel = NettyChannelBuilder.forAddress(to.socket());
    if (to.pipe().isPresent()) {
      channel.withOption(ChannelOption.SO_KEEPALIVE, null); // of TCP; Netty would warn each time
    }
    return channel
        .eventLoopGroup(loops)
        .channelType(type)
        .executor(executor)
        .withOption(
            ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(to.connectTimeout().toMillis()))
        .overrideAuthority(AUTHORITY)
        .usePlaintext()
        .disableRetry()
        .build();
  }
}
