package io.zoneproxy.egress.demo.outside;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.egress.identity.CertificateMaker;
import io.zoneproxy.egress.identity.CertificateMaker.Made;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Two services that know nothing of the mesh, on 127.0.0.1: {@code weather} over HTTPS, with a
 * certificate of an authority of its own, and {@code clock} over plain TCP.
 */
public final class OutsideServices implements AutoCloseable {
  /** What weather says, in the body of its answer. */
  static final String WEATHER = "sunny";

  /** What clock says before it closes. */
  static final String CLOCK = "it is noon";

  private static final String LOOPBACK = "127.0.0.1";

  /** The name in weather's certificate. */
  private static final String HOST = "weather.example";

  /** As long as the mesh's. */
  private static final Duration LIFETIME = Duration.ofDays(1);

  /** Nobody needs to send more than a request line and some headers. */
  private static final int MAX_REQUEST_BYTES = 8 * 1024;

  /** An egress keeps connections for a while; the demo is over before. */
  private static final int SILENCE_SECONDS = 300;

  private final SslContext tls;
  private final String authority;
  private final Channel weather;
  private final Channel clock;

  private OutsideServices(SslContext tls, String authority, Channel weather, Channel clock) {
    this.tls = tls;
    this.authority = authority;
    this.weather = weather;
    this.clock = clock;
  }

  /**
   * Starts both on free ports.
   *
   * @param loop runs them; the caller closes it
   */
  public static OutsideServices start(EventLoopGroup loop)
      throws IOException, GeneralSecurityException {
    Made authority = CertificateMaker.root("an authority outside of the mesh", LIFETIME);
    Made own =
        CertificateMaker.leaf(authority, List.of(), List.of(HOST), Instant.now().plus(LIFETIME));
    SslContext tls =
        SslContextBuilder.forServer(own.key(), own.certificate())
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .build();
    return new OutsideServices(
        tls, authority.certificateText(), bind(loop, https(tls)), bind(loop, text()));
  }

  /** Both services and who may call them, as Kuma's resources in their Universal form. */
  public String resources() {
    return """
    type: MeshExternalService
    mesh: default
    name: weather
    spec:
      match: {type: HostnameGenerator, port: 443, protocol: http}
      endpoints:
        - address: 127.0.0.1
          port: %d
      tls:
        enabled: true
        verification:
          serverName: %s
          caCert:
            inlineString: |
    %s\
    ---
    type: MeshTrafficPermission
    mesh: default
    name: weather-for-client
    spec:
      rules:
        - default:
            allow:
              - spiffeID: {type: Exact, value: spiffe://default/demo-client}
                sni: {type: Exact, value: %s}
    ---
    type: ExternalService
    mesh: default
    name: clock
    tags:
      kuma.io/service: clock
      kuma.io/protocol: tcp
    networking:
      address: 127.0.0.1:%d
    ---
    type: MeshTrafficPermission
    mesh: default
    name: clock-for-client
    spec:
      targetRef:
        kind: MeshSubset
        tags: {kuma.io/service: clock}
      from:
        - targetRef: {kind: MeshService, name: demo-client}
          default: {action: Allow}
    """
        .formatted(
            port(weather), HOST, authority.indent(12), OutsideCalls.WEATHER_NAME, port(clock));
  }

  /** Stops listening; open connections end with the event loop. A second call does nothing. */
  @Override
  public void close() {
    if (weather.isOpen()) {
      weather.close().syncUninterruptibly();
      clock.close().syncUninterruptibly();
      ReferenceCountUtil.release(tls); // connections that are still open hold it too
    }
  }

  private static int port(Channel listener) {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private static Channel bind(EventLoopGroup loop, ChannelInitializer<SocketChannel> pipeline) {
    return new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .childHandler(pipeline)
        .bind(LOOPBACK, 0)
        .syncUninterruptibly()
        .channel();
  }

  private static ChannelInitializer<SocketChannel> https(SslContext tls) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel
            .pipeline()
            .addLast(new ReadTimeoutHandler(SILENCE_SECONDS))
            .addLast(tls.newHandler(channel.alloc()))
            .addLast(new HttpServerCodec())
            .addLast(new HttpServerKeepAliveHandler())
            .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
            .addLast(new Weather());
      }
    };
  }

  private static ChannelInitializer<SocketChannel> text() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel.pipeline().addLast(new Clock());
      }
    };
  }

  /** Answers every request alike, and over which TLS it came. */
  private static final class Weather extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      SslHandler tls = ctx.pipeline().get(SslHandler.class);
      String text = WEATHER + ", over " + tls.engine().getSession().getProtocol() + "\n";
      FullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(text, US_ASCII));
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.length());
      ctx.writeAndFlush(response, ctx.voidPromise());
    }

    /** A peer that left. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** Says the time to whoever connects, and closes. */
  private static final class Clock extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(Unpooled.copiedBuffer(CLOCK + "\n", US_ASCII))
          .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message); // whatever it says
    }

    /** A peer that left. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
