package io.zoneproxy.tls.context;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A listener that gives connections to a chain the way the relays do: the first bytes are read
 * before the chain's handlers are there, and reading goes on by itself afterwards.
 */
public final class ChainServer implements AutoCloseable {
  private static final byte TLS_HANDSHAKE = 22; // the first byte of a ClientHello's record

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final Channel listening;
  private volatile Consumer<Channel> plain;
  private volatile Consumer<Channel> secured;

  /** With a chain for plain connections and one for those that begin with a ClientHello. */
  public ChainServer(Consumer<Channel> plain, Consumer<Channel> secured) {
    this.plain = plain;
    this.secured = secured;
    this.listening =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accepted.add(channel);
                    channel.pipeline().addLast(new FirstBytes());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  /** With other chains from now on. */
  void swap(Consumer<Channel> newPlain, Consumer<Channel> newSecured) {
    plain = newPlain;
    secured = newSecured;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  @Override
  public void close() {
    listening.close().syncUninterruptibly();
    accepted.close().syncUninterruptibly();
    // Not at once: what a closed channel leaves to be done on its loop is to be done.
    group.shutdownGracefully(50, 5_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
  }

  private final class FirstBytes extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object first) {
      Channel channel = ctx.channel();
      boolean hello = ((ByteBuf) first).getByte(0) == TLS_HANDSHAKE;
      ctx.pipeline().remove(this);
      (hello ? secured : plain).accept(channel);
      channel.pipeline().fireChannelRead(first).fireChannelReadComplete();
      channel.config().setAutoRead(true);
    }
  }
}
