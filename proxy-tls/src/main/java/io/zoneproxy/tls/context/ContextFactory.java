package io.zoneproxy.tls.context;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.zoneproxy.core.model.tls.KeyFit;
import io.zoneproxy.core.model.tls.TlsVersions.Version;
import io.zoneproxy.core.observe.process.CertificateInventory;
import io.zoneproxy.core.observe.process.CertificateInventory.Certificate;
import io.zoneproxy.tls.identity.PeerCheck;
import io.zoneproxy.tls.identity.PeerTrust;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes Netty's contexts. With BoringSSL sessions are never resumed, because a resumed one would
 * pass by the checks of the client; early data and renegotiation are off there by default.
 */
final class ContextFactory {
  private static final Logger log = LoggerFactory.getLogger(ContextFactory.class);

  private final Supplier<SslProvider> provider; // asked when there is something to make

  ContextFactory(Supplier<SslProvider> provider) {
    this.provider = provider;
  }

  /** The best provider of this machine: BoringSSL, or the JDK's where there is no native code. */
  static final class Best {
    private static final SslProvider PROVIDER = find();

    private Best() {}

    /** Loads native code at the first call, which takes a fifth of a second. */
    static SslProvider provider() {
      return PROVIDER;
    }

    private static SslProvider find() {
      if (OpenSsl.isAvailable()) {
        return SslProvider.OPENSSL_REFCNT;
      }
      log.warn(
          "BoringSSL: not available, TLS is the JDK's: {}",
          String.valueOf(OpenSsl.unavailabilityCause()));
      return SslProvider.JDK;
    }
  }

  /** What a context made of this shows of itself. */
  static CertificateInventory.Context shown(Material material) throws UnusableTlsException {
    List<Certificate> trusted = new ArrayList<>();
    if (material.clients().isPresent()) {
      Material.Clients clients = material.clients().get();
      for (Material.Text ca : clients.ca().stream().toList()) {
        trusted.addAll(shown(ca));
      }
      for (Material.Text bundle : new TreeMap<>(clients.trustDomains()).values()) {
        trusted.addAll(shown(bundle));
      }
    }
    return new CertificateInventory.Context(trusted, shown(material.chain()));
  }

  private static List<Certificate> shown(Material.Text text) throws UnusableTlsException {
    return Pem.certificates(text.pem(), text.where()).stream()
        .map(each -> Certificate.of(text.file(), each))
        .toList();
  }

  /** A new context; the caller's to release. */
  SslContext create(Material material) throws UnusableTlsException {
    List<X509Certificate> chain =
        Pem.certificates(material.chain().pem(), material.chain().where());
    PrivateKey key = Pem.key(material.key().pem(), material.chain().where());
    if (!KeyFit.fits(key, chain.get(0))) {
      throw new UnusableTlsException(
          material.chain().where() + ": certificate and private key do not fit");
    }
    SslContextBuilder builder;
    try {
      // In memory only, and without a password. PKCS #12, the JDK's usual form, would go through
      // its 10,000 rounds for each context all the same.
      builder = SslContextBuilder.forServer(key, chain).keyStoreType("JKS");
    } catch (IllegalArgumentException e) {
      throw unusable(material, e);
    }
    builder.sslProvider(provider.get()).protocols(versions(material));
    builder.clientAuth(material.clients().isPresent() ? auth(material) : ClientAuth.NONE);
    if (material.clients().isPresent()) {
      builder.trustManager(new PeerTrust(check(material.clients().get())));
    }
    if (!material.alpn().isEmpty()) {
      builder.applicationProtocolConfig(alpn(material.alpn()));
    }
    try {
      SslContext context = builder.build();
      if (context instanceof ReferenceCountedOpenSslContext openSsl) {
        openSsl.sessionContext().setSessionCacheEnabled(false);
      }
      return context;
    } catch (SSLException | IllegalArgumentException e) {
      throw unusable(material, e);
    }
  }

  private static UnusableTlsException unusable(Material material, Exception e) {
    return new UnusableTlsException(
        material.chain().where() + ": cannot be used: " + e.getMessage(), e);
  }

  private static ClientAuth auth(Material material) {
    return material.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
  }

  private static PeerCheck check(Material.Clients clients) throws UnusableTlsException {
    if (clients.ca().isPresent()) {
      Material.Text ca = clients.ca().get();
      return PeerCheck.byAuthorities(Pem.certificates(ca.pem(), ca.where()), clients.names());
    }
    Map<String, List<X509Certificate>> domains = new HashMap<>();
    for (Map.Entry<String, Material.Text> each : clients.trustDomains().entrySet()) {
      Material.Text bundle = each.getValue();
      domains.put(each.getKey(), Pem.certificates(bundle.pem(), bundle.where()));
    }
    return PeerCheck.byTrustDomain(domains, clients.names());
  }

  /** Below 1.2 nothing is offered, whatever is asked for: nobody needs it, and it is broken. */
  private static List<String> versions(Material material) throws UnusableTlsException {
    Version least = material.versions().least().orElse(Version.TLS_1_2);
    Version most = material.versions().most().orElse(Version.TLS_1_3);
    List<String> names =
        Stream.of(Version.TLS_1_2, Version.TLS_1_3)
            .filter(each -> each.compareTo(least) >= 0 && each.compareTo(most) <= 0)
            .map(each -> each == Version.TLS_1_2 ? "TLSv1.2" : "TLSv1.3")
            .toList();
    if (names.isEmpty()) {
      throw new UnusableTlsException(
          "tls_params: %s to %s (expected: TLS_1_2 or TLS_1_3 among them)".formatted(least, most));
    }
    return names;
  }

  /** A client without a common protocol goes on without one, as in Envoy. */
  private static ApplicationProtocolConfig alpn(List<String> protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }
}
