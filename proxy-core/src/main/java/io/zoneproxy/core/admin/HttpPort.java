package io.zoneproxy.core.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening HTTP/1.1 socket with its connections, all on one event loop. */
final class HttpPort {
  private static final Logger log = LoggerFactory.getLogger(HttpPort.class);

  /** Probes come every few seconds; without a pause the loop would do nothing but fail. */
  private static final long ACCEPT_PAUSE_MILLIS = 100;

  private final String name;
  private final EventLoop loop;
  private final HttpService service;
  private final HttpLimits limits;
  private final HttpConnections connections;
  private volatile @Nullable Channel listening;
  private volatile @Nullable InetSocketAddress address;

  /**
   * Binds nothing yet.
   *
   * @param name for messages, for example {@code admin port}
   * @param loop carries accept and every connection; stays the caller's
   * @param service answers
   * @param limits what a client may cost
   */
  HttpPort(String name, EventLoop loop, HttpService service, HttpLimits limits) {
    this.name = name;
    this.loop = loop;
    this.service = service;
    this.limits = limits;
    this.connections = new HttpConnections(limits.maxConnections());
  }

  /**
   * Binds and accepts. Waits for the event loop: not to be called on it.
   *
   * @param address port 0 lets the kernel choose
   * @throws IOException when it cannot be; the message has the port's name and the address
   */
  void start(InetSocketAddress address) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true) // a restart must not wait for old sockets
            .handler(new AcceptFailure())
            .childOption(ChannelOption.AUTO_READ, false) // HttpExchange asks, one by one
            .childHandler(pipeline())
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          name + " " + NetUtil.toSocketAddressString(address) + ": " + reason(bound.cause()),
          bound.cause());
    }
    this.address = (InetSocketAddress) bound.channel().localAddress();
    listening = bound.channel();
  }

  /** What is bound, also after {@link #close}. */
  InetSocketAddress address() {
    InetSocketAddress bound = address;
    if (bound == null) {
      throw new IllegalStateException(name + ": not started");
    }
    return bound;
  }

  /** No descriptor is left, most likely: the listeners say so, and this tries again in a while. */
  private final class AcceptFailure extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      log.debug("{}: {}", name, cause.getMessage());
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(
              () -> ctx.channel().config().setAutoRead(true),
              ACCEPT_PAUSE_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  private ChannelInitializer<Channel> pipeline() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        HttpDecoderConfig decoder =
            new HttpDecoderConfig()
                .setMaxInitialLineLength(HttpLimits.MAX_LINE_BYTES)
                .setMaxHeaderSize(HttpLimits.MAX_HEADER_BYTES);
        channel
            .pipeline()
            .addLast(new HttpServerCodec(decoder))
            .addLast(new BodyLimit(HttpLimits.MAX_BODY_BYTES))
            .addLast(new FlowControlHandler()) // holds back pipelined requests until asked for
            .addLast(new HttpExchange(service, connections, limits));
      }
    };
  }

  private static String reason(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("already in use")
        ? "address in use (by another process, or another port of this one)"
        : message;
  }

  /** Stops listening and closes every connection. Any thread; a second call does nothing. */
  void close() {
    Channel channel = listening;
    if (channel == null) {
      return;
    }
    channel.close().addListener(done -> connections.closeAll());
    if (!loop.inEventLoop()) {
      channel.closeFuture().awaitUninterruptibly();
    }
  }
}
