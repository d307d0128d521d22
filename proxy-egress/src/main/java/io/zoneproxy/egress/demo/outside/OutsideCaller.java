package io.zoneproxy.egress.demo.outside;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.egress.identity.CertificateMaker.Made;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLEngine;

/** Calls as a sidecar would: mutual TLS to an egress, which ends it. */
final class OutsideCaller implements AutoCloseable {
  /** Everything is on this machine: what takes longer is broken. */
  private static final int CONNECT_MILLIS = 3_000;

  private static final int SILENCE_SECONDS = 5;

  /** Answers have some 150 bytes; what is beyond is not kept. */
  private static final int MAX_ANSWER_BYTES = 4 * 1024;

  private final EventLoopGroup loop;
  private final SslContext tls;

  /**
   * @param loop runs its connections; the caller closes it
   * @param authority of the mesh, which the egress must be a member of
   */
  OutsideCaller(EventLoopGroup loop, X509Certificate authority, Made own) throws IOException {
    this.loop = loop;
    this.tls =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .keyManager(own.key(), own.certificate())
            .trustManager(authority)
            .endpointIdentificationAlgorithm(null) // an egress has a SPIFFE name, no host name
            .build();
  }

  /**
   * Says something and listens until the connection ends; blocks as long.
   *
   * @return what came; "" when it was closed without a word
   * @throws IOException when TLS fails or nothing moves, with the reason in words
   */
  String call(InetSocketAddress door, String serverName, String words) throws IOException {
    Exchange exchange = new Exchange(words);
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .handler(pipeline(serverName, exchange))
        .connect(door)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (!connected.isSuccess()) {
                    exchange.heard.completeExceptionally(connected.cause());
                  }
                });
    try {
      return exchange.heard.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), e);
    }
  }

  private ChannelInitializer<SocketChannel> pipeline(String serverName, Exchange exchange) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        SSLEngine engine = tls.newEngine(channel.alloc());
        // Netty's own way to set it takes DNS names only
        SSL.setTlsExtHostName(((ReferenceCountedOpenSslEngine) engine).sslPointer(), serverName);
        channel
            .pipeline()
            .addLast(new ReadTimeoutHandler(SILENCE_SECONDS))
            .addLast(new SslHandler(engine))
            .addLast(exchange);
      }
    };
  }

  /** Frees the keys; the event loop is the caller's. */
  @Override
  public void close() {
    ReferenceCountUtil.release(tls);
  }

  /** One connection. The outcome is there when it is gone. */
  private static final class Exchange extends SimpleChannelInboundHandler<ByteBuf> {
    private final String words;
    private final StringBuilder answer = new StringBuilder();
    private final CompletableFuture<String> heard = new CompletableFuture<>();

    Exchange(String words) {
      this.words = words;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          ctx.writeAndFlush(Unpooled.copiedBuffer(words, US_ASCII), ctx.voidPromise());
        } else {
          heard.completeExceptionally(handshake.cause());
        }
      } else if (event instanceof SslCloseCompletionEvent) {
        ctx.close(); // after the egress, so that nobody resets
      }
      ctx.fireUserEventTriggered(event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
      int room = Math.min(bytes.readableBytes(), MAX_ANSWER_BYTES - answer.length());
      answer.append(bytes.toString(bytes.readerIndex(), room, US_ASCII));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      heard.complete(answer.toString());
      ctx.fireChannelInactive();
    }

    /** Everything that can go wrong ends here, and in the outcome. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      heard.completeExceptionally(cause);
      ctx.close();
    }
  }
}
