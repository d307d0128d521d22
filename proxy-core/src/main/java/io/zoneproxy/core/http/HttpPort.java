package io.zoneproxy.core.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening HTTP/1.1 socket, of TCP or Unix, with its connections, all on one event loop. */
public final class HttpPort {
  private static final Logger log = LoggerFactory.getLogger(HttpPort.class);

  /** Probes come every few seconds; without a pause the loop would do nothing but fail. */
  private static final long ACCEPT_PAUSE_MILLIS = 100;

  private final String name;
  private final String setBy;
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
   * @param setBy what an operator changes to have it elsewhere, for messages
   * @param loop carries accept and every connection; stays the caller's
   * @param service answers
   * @param limits what a client may cost
   */
  public HttpPort(
      String name, String setBy, EventLoop loop, HttpService service, HttpLimits limits) {
    this.name = name;
    this.setBy = setBy;
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
  public void start(InetSocketAddress address) throws IOException {
    ServerBootstrap tcp =
        bootstrap()
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true); // a restart must not wait for old sockets
    Channel bound = bind(tcp, address, NetUtil.toSocketAddressString(address));
    this.address = (InetSocketAddress) bound.localAddress();
  }

  /**
   * Binds and accepts on a Unix socket that only this user may use. Waits for the event loop: not
   * to be called on it.
   *
   * @param path whose folder only this user may use; what an ended process has left there is
   *     removed
   * @throws IOException when it cannot be; the message has the port's name and the path
   */
  public void start(Path path) throws IOException {
    UnixSocketFile file = new UnixSocketFile(path);
    try {
      file.prepare();
    } catch (IOException e) {
      throw new IOException(name + " " + path + ": " + reason(e, true), e);
    }
    ServerBootstrap local = bootstrap().channel(NioServerDomainSocketChannel.class);
    Channel bound = bind(local, UnixDomainSocketAddress.of(path), path.toString());
    bound.closeFuture().addListener(closed -> file.remove());
    file.restrict();
  }

  private ServerBootstrap bootstrap() {
    return new ServerBootstrap()
        .group(loop)
        .handler(new AcceptFailure())
        .childOption(ChannelOption.AUTO_READ, false) // HttpExchange asks, one by one
        .childHandler(pipeline());
  }

  private Channel bind(ServerBootstrap bootstrap, SocketAddress address, String shown)
      throws IOException {
    ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      boolean file = address instanceof UnixDomainSocketAddress;
      throw new IOException(name + " " + shown + ": " + reason(bound.cause(), file), bound.cause());
    }
    listening = bound.channel();
    return bound.channel();
  }

  /** What is bound, also after {@link #close}. */
  public InetSocketAddress address() {
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
    HttpPipeline pipeline = new HttpPipeline(service, connections, limits, true);
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        pipeline.addTo(channel);
      }
    };
  }

  private String reason(Throwable cause, boolean file) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("already in use")
        ? "address in use by another process, or another port of this one (expected: %s, by %s; `ss %s` shows who has it)"
            .formatted(file ? "another path" : "a free port", setBy, file ? "-lxp" : "-ltnp")
        : message;
  }

  /** Stops listening and closes every connection. Any thread; a second call does nothing. */
  public void close() {
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
