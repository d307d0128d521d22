package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.egress.identity.CertificateMaker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * One instance of a service: HTTP/1.1 over mutual TLS on 127.0.0.1. TLS is BoringSSL's, as in a
 * sidecar; the JDK's server refuses a server name such as {@code echo{mesh=default}}.
 */
final class DemoService implements AutoCloseable {
  /** Nobody needs to send more than a request line and some headers. */
  private static final int MAX_REQUEST_BYTES = 8 * 1024;

  /**
   * Ends a caller that connected and fell silent; people at a terminal are slower than programs.
   */
  private static final int SILENCE_SECONDS = 60;

  /** How long we wait for the caller's close_notify: closing before it would send a reset. */
  private static final int CLOSE_NOTIFY_MILLIS = 3_000;

  private final DemoWorld.Instance instance;
  private final SslContext tls;
  private final Channel listener;
  private final LongAdder requests;

  private DemoService(
      DemoWorld.Instance instance, SslContext tls, Channel listener, LongAdder requests) {
    this.instance = instance;
    this.tls = tls;
    this.listener = listener;
    this.requests = requests;
  }

  /**
   * Starts one on a free port.
   *
   * @param loop runs it; the caller closes it
   */
  static DemoService start(
      EventLoopGroup loop, DemoWorld.Instance plan, DemoCertificates certificates)
      throws IOException, GeneralSecurityException {
    CertificateMaker.Made identity = certificates.issue(plan);
    SslContext tls =
        tls(
            SslContextBuilder.forServer(identity.key(), identity.certificate())
                .clientAuth(ClientAuth.REQUIRE),
            certificates.authority());
    LongAdder requests = new LongAdder();
    Channel listener =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Pipeline(tls, plan, requests))
            .bind(DemoWorld.LOOPBACK, 0)
            .syncUninterruptibly()
            .channel();
    int port = ((InetSocketAddress) listener.localAddress()).getPort();
    return new DemoService(plan.listeningOn(port), tls, listener, requests);
  }

  /** What it is, with the port that it listens on. */
  DemoWorld.Instance instance() {
    return instance;
  }

  /** How many requests it answered; any thread may ask. */
  long requests() {
    return requests.sum();
  }

  /** Stops listening; open connections end with the event loop. A second call does nothing. */
  @Override
  public void close() {
    if (listener.isOpen()) {
      listener.close().syncUninterruptibly();
      ReferenceCountUtil.release(tls); // connections that are still open hold it too
    }
  }

  /**
   * What both ends of the demo's TLS have in common: BoringSSL, the mesh's authority, HTTP/1.1.
   *
   * @return to be released by the caller: native memory goes when we say, not with the GC
   */
  static SslContext tls(SslContextBuilder builder, X509Certificate authority) throws IOException {
    return builder
        .sslProvider(SslProvider.OPENSSL_REFCNT)
        .trustManager(authority)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }

  /** The order of a connection's handlers. */
  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final SslContext tls;
    private final DemoWorld.Instance instance;
    private final LongAdder requests;

    Pipeline(SslContext tls, DemoWorld.Instance instance, LongAdder requests) {
      this.tls = tls;
      this.instance = instance;
      this.requests = requests;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      SslHandler tlsHandler = tls.newHandler(channel.alloc());
      tlsHandler.setCloseNotifyReadTimeoutMillis(CLOSE_NOTIFY_MILLIS);
      channel
          .pipeline()
          .addLast(new ReadTimeoutHandler(SILENCE_SECONDS))
          .addLast(tlsHandler)
          .addLast(new HttpServerCodec())
          .addLast(new HttpServerKeepAliveHandler())
          .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
          .addLast(new Answerer(instance, requests));
    }
  }

  /** Says who answered whom. */
  private static final class Answerer extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final DemoWorld.Instance instance;
    private final LongAdder requests;
    private String caller = "";

    Answerer(DemoWorld.Instance instance, LongAdder requests) {
      this.instance = instance;
      this.requests = requests;
    }

    /** The chain is verified by then; what is left is whether the name belongs to our mesh. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
        Optional<String> name = callerOf(ctx.pipeline().get(SslHandler.class));
        if (name.isEmpty()) {
          ctx.close();
          return;
        }
        caller = name.get();
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      if (!request.decoderResult().isSuccess()) {
        ctx.writeAndFlush(answer(HttpResponseStatus.BAD_REQUEST, "not HTTP/1.1\n"));
        ctx.close();
      } else if (!request.method().equals(HttpMethod.GET)) {
        ctx.writeAndFlush(answer(HttpResponseStatus.METHOD_NOT_ALLOWED, "only GET\n"));
      } else {
        requests.increment();
        ctx.writeAndFlush(answer(HttpResponseStatus.OK, text(request.uri())));
      }
    }

    /** A peer that broke TLS or HTTP, or left: nobody at a demo wants its stack trace. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }

    private String text(String path) {
      return "zone: %s\nservice: %s\ninstance: %s\nversion: %s\ncaller: %s\npath: %s\n"
          .formatted(
              instance.zone(),
              instance.service(),
              instance.name(),
              instance.version(),
              caller,
              path);
    }

    private static Optional<String> callerOf(SslHandler tls) {
      try {
        Certificate leaf = tls.engine().getSession().getPeerCertificates()[0];
        return leaf instanceof X509Certificate certificate
            ? DemoNames.uriOf(certificate, DemoNames.spiffeId(""))
            : Optional.empty();
      } catch (SSLPeerUnverifiedException e) {
        return Optional.empty(); // no certificate, no name
      }
    }

    private static FullHttpResponse answer(HttpResponseStatus status, String text) {
      ByteBuf content = Unpooled.copiedBuffer(text, UTF_8);
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
      return response;
    }
  }
}
