package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.zoneproxy.bench.load.tls.Certificates.KeyKind;
import java.util.EnumMap;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * TLS of the callers: 1.3, X25519, a certificate, never a session resumed. They trust any server,
 * for the generator's time is dear; a wrong answer is found by its bytes.
 */
public final class ClientContexts {
  /** No session is kept, so that it need not be found. */
  private static final int NO_PORT = -1;

  private final String serverName;
  private final Map<KeyKind, SslContext> http1 = new EnumMap<>(KeyKind.class);
  private final SslContext http2;

  /**
   * Reads the certificates.
   *
   * @param serverName SNI of all of them
   */
  public ClientContexts(Certificates certificates, String serverName) throws SSLException {
    this.serverName = serverName;
    for (KeyKind key : KeyKind.values()) {
      http1.put(key, context(certificates, key, "http/1.1"));
    }
    http2 = context(certificates, KeyKind.EC, "h2");
  }

  private static SslContext context(Certificates certificates, KeyKind key, String protocol)
      throws SSLException {
    SslContext context =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.OPENSSL_REFCNT)
            .keyManager(certificates.client(key).toFile(), certificates.clientKey(key).toFile())
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .protocols("TLSv1.3")
            .option(OpenSslContextOption.GROUPS, new String[] {"X25519"})
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    protocol))
            .build();
    ((ReferenceCountedOpenSslContext) context).sessionContext().setSessionCacheEnabled(false);
    return context;
  }

  SslHandler handler(KeyKind key, boolean multiplexed, ByteBufAllocator allocator) {
    SslContext context = multiplexed ? http2 : http1.get(key);
    if (context == null) {
      throw new IllegalArgumentException(key.name());
    }
    return context.newHandler(allocator, serverName, NO_PORT);
  }
}
