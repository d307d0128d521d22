package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.egress.identity.CertificateMaker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Sends requests as a sidecar would: mutual TLS to the service through whatever door it is shown,
 * with a routing server name. TLS is BoringSSL's: the JDK's cost a cold JVM some 15 ms a handshake.
 */
final class DemoClient implements AutoCloseable {
  /** Everything is on this machine: what takes longer is broken. */
  private static final int CONNECT_MILLIS = 3_000;

  private static final int SILENCE_SECONDS = 5;

  /** Answers have some 150 bytes. */
  private static final int MAX_ANSWER_BYTES = 16 * 1024;

  private final EventLoopGroup loop;
  private final SslContext tls;

  private DemoClient(EventLoopGroup loop, SslContext tls) {
    this.loop = loop;
    this.tls = tls;
  }

  /**
   * A client that trusts the authority and shows the identity.
   *
   * @param loop runs its connections; the caller closes it
   */
  static DemoClient of(
      EventLoopGroup loop, X509Certificate authority, CertificateMaker.Made identity)
      throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .keyManager(identity.key(), identity.certificate())
            .endpointIdentificationAlgorithm(null); // the SPIFFE name counts, no host name
    return new DemoClient(loop, DemoService.tls(builder, authority));
  }

  /**
   * One request over a connection of its own; blocks until that is closed. The server must show a
   * certificate of the mesh with the service's SPIFFE name. Any number of threads may ask, but not
   * the event loop.
   *
   * @param door where to connect, usually an egress
   * @param serverName sent as it is, byte for byte
   * @throws IOException when anything is not as it should be, with the reason in words
   */
  Answer get(InetSocketAddress door, String serverName, String service, String path)
      throws IOException {
    Exchange exchange = new Exchange(service, path);
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                SSLEngine engine = tls.newEngine(channel.alloc());
                nameServer(engine, serverName);
                channel
                    .pipeline()
                    .addLast(new ReadTimeoutHandler(SILENCE_SECONDS))
                    .addLast(new SslHandler(engine))
                    .addLast(new HttpClientCodec())
                    .addLast(new HttpObjectAggregator(MAX_ANSWER_BYTES))
                    .addLast(exchange);
              }
            })
        .connect(door)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (!connected.isSuccess()) {
                    exchange.fail(connected.cause());
                  }
                });
    try {
      return exchange.outcome.join();
    } catch (CompletionException e) {
      throw new IOException(words(e.getCause() == null ? e : e.getCause()), e);
    }
  }

  /** Frees the keys; the event loop is the caller's. */
  @Override
  public void close() {
    ReferenceCountUtil.release(tls);
  }

  /** Netty's own way to set it takes DNS names only. */
  private static void nameServer(SSLEngine engine, String serverName) {
    SSL.setTlsExtHostName(((ReferenceCountedOpenSslEngine) engine).sslPointer(), serverName);
  }

  /** TLS engines wrap what a certificate check said; the innermost words are the useful ones. */
  private static String words(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    if (innermost instanceof ReadTimeoutException) {
      return "silence for " + SILENCE_SECONDS + " s";
    }
    String message = innermost.getMessage();
    return message == null ? innermost.getClass().getSimpleName() : message;
  }

  /** One request and its answer. The outcome is there when the connection is gone. */
  private static final class Exchange extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final String service;
    private final String path;
    private final CompletableFuture<Answer> outcome = new CompletableFuture<>();
    private Optional<Answer> answer = Optional.empty();

    Exchange(String service, String path) {
      this.service = service;
      this.path = path;
    }

    void fail(Throwable cause) {
      outcome.completeExceptionally(cause);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws IOException {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          requireIdentity(ctx.pipeline().get(SslHandler.class));
          ctx.writeAndFlush(request());
        } else {
          fail(handshake.cause());
        }
      } else if (event instanceof SslCloseCompletionEvent) {
        ctx.close(); // the service closes first and we after it, so that nobody resets
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response)
        throws IOException {
      if (response.decoderResult().isFailure()) {
        throw new IOException("broken answer", response.decoderResult().cause());
      }
      if (!response.status().equals(HttpResponseStatus.OK)) {
        throw new IOException("answer: " + response.status() + " (expected: 200 OK)");
      }
      answer = Optional.of(Answer.parse(response.content().toString(UTF_8)));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      answer.ifPresentOrElse(
          outcome::complete, () -> fail(new IOException("closed without a whole answer")));
      ctx.fireChannelInactive();
    }

    /** Everything that can go wrong ends here, and in the outcome. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(cause);
      ctx.close();
    }

    private void requireIdentity(SslHandler tls) throws SSLPeerUnverifiedException {
      String expected = DemoNames.spiffeId(service);
      Certificate leaf = tls.engine().getSession().getPeerCertificates()[0];
      if (!(leaf instanceof X509Certificate certificate)
          || !DemoNames.uriOf(certificate, expected).equals(Optional.of(expected))) {
        throw new SSLPeerUnverifiedException("the server is not " + expected);
      }
    }

    private FullHttpRequest request() {
      FullHttpRequest request =
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
      request.headers().set(HttpHeaderNames.HOST, service);
      request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      return request;
    }
  }

  /**
   * What a service said; "" for what it did not.
   *
   * @param zone where it runs
   * @param service its name
   * @param instance which of its instances it was
   * @param version that instance's version
   * @param caller the SPIFFE name it saw
   * @param path what it was asked for
   */
  record Answer(
      String zone, String service, String instance, String version, String caller, String path) {
    private static final String COLON = ": ";

    private static Answer parse(String text) {
      Map<String, String> said =
          text.lines()
              .filter(line -> line.contains(COLON))
              .collect(
                  Collectors.toMap(
                      line -> line.substring(0, line.indexOf(COLON)),
                      line -> line.substring(line.indexOf(COLON) + COLON.length()),
                      (first, again) -> first));
      return new Answer(
          said.getOrDefault("zone", ""),
          said.getOrDefault("service", ""),
          said.getOrDefault("instance", ""),
          said.getOrDefault("version", ""),
          said.getOrDefault("caller", ""),
          said.getOrDefault("path", ""));
    }
  }
}
