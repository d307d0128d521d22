package io.zoneproxy.cp.ads;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Opens connections to the control plane. Each attempt has a channel of its own: names are resolved
 * anew, and gRPC's back-off, which grows to two minutes, has no say.
 */
final class Channels {
  // As Envoy's cluster of the ADS has it for TCP: a control plane that is gone without a word is
  // noticed after 10 s and a few more.
  private static final long KEEPALIVE_SECONDS = 10;
  private static final long KEEPALIVE_TIMEOUT_SECONDS = 10;

  /** 100,000 services come in one response of some 80 MB; ten times that is a mistake. */
  private static final int MOST_RESPONSE_BYTES = 1024 * 1024 * 1024;

  private final EventLoopGroup loops;
  private final Executor executor;

  /**
   * @param loops for its sockets; NIO
   * @param executor for everything that a stream is told
   */
  Channels(EventLoopGroup loops, Executor executor) {
    this.loops = loops;
    this.executor = executor;
  }

  /**
   * A channel that connects with its first call.
   *
   * @throws IOException when the CA is not readable
   */
  ManagedChannel open(Target target) throws IOException {
    return NettyChannelBuilder.forAddress(target.host(), target.port())
        .eventLoopGroup(loops)
        .channelType(NioSocketChannel.class)
        .executor(executor)
        .sslContext(tls(target.trustedCa()))
        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEPALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .maxInboundMessageSize(MOST_RESPONSE_BYTES)
        .disableRetry()
        .build();
  }

  private static SslContext tls(String trustedCa) throws IOException {
    try (ByteArrayInputStream pem =
        new ByteArrayInputStream(trustedCa.getBytes(StandardCharsets.US_ASCII))) {
      return GrpcSslContexts.forClient().trustManager(pem).build();
    } catch (IllegalArgumentException e) {
      throw new IOException("CA of the control plane: not readable: " + e.getMessage(), e);
    }
  }
}
