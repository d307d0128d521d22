package io.zoneproxy.cp.ads;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.zoneproxy.cp.trust.NameRule;
import io.zoneproxy.cp.trust.Trust;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to the control plane. Each attempt has a channel of its own: names are resolved
 * anew, by the JVM, and its addresses tried in turn; and gRPC's back-off, which grows to two
 * minutes, has no say.
 */
final class Channels {
  // As Envoy's cluster of the ADS has it for TCP: a control plane that is gone without a word is
  // noticed after 10 s and a few more.
  private static final long KEEPALIVE_SECONDS = 10;
  private static final long KEEPALIVE_TIMEOUT_SECONDS = 10;

  /** 100,000 services come in one response of some 80 MB; ten times that is a mistake. */
  private static final int MOST_RESPONSE_BYTES = 1024 * 1024 * 1024;

  /** One SYN may be lost on the way to an address; then the next address is tried. */
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

  private final Target target;
  private final EventLoopGroup loops;
  private final Executor executor;
  private @Nullable SslContext tls;

  /**
   * @param loops for its sockets; NIO
   * @param executor for everything that a stream is told
   */
  Channels(Target target, EventLoopGroup loops, Executor executor) {
    this.target = target;
    this.loops = loops;
    this.executor = executor;
  }

  /**
   * A channel that connects with its first call.
   *
   * @throws IOException when the CA is not readable
   */
  ManagedChannel open() throws IOException {
    return NettyChannelBuilder.forAddress(target.host(), target.port())
        .eventLoopGroup(loops)
        .channelType(NioSocketChannel.class)
        .executor(executor)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
        .sslContext(tls())
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .maxInboundMessageSize(MOST_RESPONSE_BYTES)
        .disableRetry()
        .proxyDetector(address -> null) // no proxy on the way, as with Envoy
        .build();
  }

  private SslContext tls() throws IOException {
    SslContext made = tls;
    if (made == null) {
      SslContextBuilder context =
          GrpcSslContexts.configure(SslContextBuilder.forClient(), Trust.provider());
      made = Trust.of(target.trustedCa()).apply(context, target.host(), NameRule.EXACT).build();
      tls = made;
    }
    return made;
  }
}
