package io.zoneproxy.egress.e2e;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.zoneproxy.egress.demo.DemoMesh;
import io.zoneproxy.egress.demo.DemoMesh.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Both ends of mutual TLS as sidecars have it: BoringSSL, certificates of one mesh. */
public final class BoringPeers implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 20;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("boring-peers", true), NioIoHandler.newFactory());
  private final DemoMesh mesh;
  private final Identity identity;
  private final List<SslContext> contexts = new ArrayList<>();
  private final SslContext client;

  /**
   * @param identity what clients show
   */
  public BoringPeers(DemoMesh mesh, Identity identity) throws IOException {
    this.mesh = mesh;
    this.identity = identity;
    this.client =
        made(
            SslContextBuilder.forClient()
                .keyManager(identity.key(), identity.certificate())
                .endpointIdentificationAlgorithm(null)); // the SPIFFE name counts, no host name
  }

  /** What clients show. */
  Identity identity() {
    return identity;
  }

  EventLoopGroup loop() {
    return loop;
  }

  /** Starts a service that sends back what it gets. */
  public Service service(Identity shown) throws IOException {
    SslContext tls =
        made(
            SslContextBuilder.forServer(shown.key(), shown.certificate())
                .clientAuth(ClientAuth.REQUIRE));
    BlockingQueue<X509Certificate> callers = new LinkedBlockingQueue<>();
    Channel listening =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel
                        .pipeline()
                        .addLast(tls.newHandler(channel.alloc()))
                        .addLast(new Echo(callers));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    return new Service(listening, callers, shown);
  }

  private SslContext made(SslContextBuilder builder) throws IOException {
    SslContext context =
        builder.sslProvider(SslProvider.OPENSSL_REFCNT).trustManager(mesh.authority()).build();
    contexts.add(context);
    return context;
  }

  /**
   * Sends the content over TLS, reads as much back, and closes. Blocks; not on an event loop.
   *
   * @param serverName sent byte for byte
   * @param cut how the ClientHello leaves
   * @throws IOException when the connection ends before
   */
  public Exchange exchange(
      InetSocketAddress door, String serverName, HelloCutter.Cut cut, byte[] content)
      throws IOException {
    CompletableFuture<Exchange> outcome = new CompletableFuture<>();
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                SSLEngine engine = client.newEngine(channel.alloc());
                // Netty's own way to set it takes DNS names only.
                SSL.setTlsExtHostName(
                    ((ReferenceCountedOpenSslEngine) engine).sslPointer(), serverName);
                channel
                    .pipeline()
                    .addLast(new HelloCutter(cut))
                    .addLast(new SslHandler(engine))
                    .addLast(new Asking(content, outcome));
              }
            })
        .connect(door)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (!connected.isSuccess()) {
                    outcome.completeExceptionally(connected.cause());
                  }
                });
    try {
      return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      throw new IOException(serverName + " at " + door + ": " + e, e);
    }
  }

  @Override
  public void close() {
    contexts.forEach(ReferenceCountUtil::release);
    // Without a quiet time Netty ends the loop before closed connections have freed their TLS.
    loop.shutdownGracefully(20, 5_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
  }

  private static X509Certificate peerOf(ChannelHandlerContext ctx)
      throws SSLPeerUnverifiedException {
    SSLEngine engine = ctx.pipeline().get(SslHandler.class).engine();
    return (X509Certificate) engine.getSession().getPeerCertificates()[0];
  }

  /**
   * What a client got.
   *
   * @param peer the certificate that it was shown
   */
  public record Exchange(X509Certificate peer, ByteBuffer content) {}

  /**
   * A running service.
   *
   * @param callers the certificates that its callers showed
   */
  public record Service(
      Channel listening, BlockingQueue<X509Certificate> callers, Identity identity) {
    public int port() {
      return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    public X509Certificate nextCaller() throws InterruptedException {
      X509Certificate caller = callers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (caller == null) {
        throw new AssertionError("nobody has called");
      }
      return caller;
    }
  }

  /** Sends everything back. */
  private static final class Echo extends ChannelInboundHandlerAdapter {
    private final BlockingQueue<X509Certificate> callers;

    Echo(BlockingQueue<X509Certificate> callers) {
      this.callers = callers;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws IOException {
      if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
        callers.add(peerOf(ctx));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message, ctx.voidPromise());
    }

    /** Whoever hangs up in the middle is the other end's matter. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** The client's end. */
  private static final class Asking extends SimpleChannelInboundHandler<ByteBuf> {
    private final byte[] content;
    private final CompletableFuture<Exchange> outcome;
    private final ByteBuf received = Unpooled.buffer();

    Asking(byte[] content, CompletableFuture<Exchange> outcome) {
      this.content = content;
      this.outcome = outcome;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(content), ctx.voidPromise());
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) throws IOException {
      received.writeBytes(message);
      if (received.readableBytes() >= content.length) {
        outcome.complete(new Exchange(peerOf(ctx), received.nioBuffer()));
        ctx.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      outcome.completeExceptionally(new IOException("closed too early"));
      ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      outcome.completeExceptionally(cause);
      ctx.close();
    }
  }
}
