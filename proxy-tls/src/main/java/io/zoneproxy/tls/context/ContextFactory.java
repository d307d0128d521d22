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
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.zoneproxy.core.model.tls.KeyFit;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TlsVersions.Version;
import io.zoneproxy.core.observe.process.CertificateInventory;
import io.zoneproxy.core.observe.process.CertificateInventory.Certificate;
import io.zoneproxy.tls.context.Material.Peers;
import io.zoneproxy.tls.identity.PeerCheck;
import io.zoneproxy.tls.identity.PeerTrust;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /**
   * Those of TLS 1.3, and of TLS 1.2 what Envoy's defaults leave: a new key for each connection,
   * and ciphers that authenticate. No RSA key exchange (Bleichenbacher's), no CBC (padding
   * oracles).
   */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

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
  static CertificateInventory.Context shown(Optional<Peers> peers, Optional<Material.Own> own)
      throws UnusableTlsException {
    List<Certificate> trusted = new ArrayList<>();
    if (peers.isPresent()) {
      for (Material.Text ca : peers.get().ca().stream().toList()) {
        trusted.addAll(shown(ca));
      }
      for (Material.Text bundle : new TreeMap<>(peers.get().trustDomains()).values()) {
        trusted.addAll(shown(bundle));
      }
    }
    return new CertificateInventory.Context(
        trusted, own.isPresent() ? shown(own.get().chain()) : List.of());
  }

  private static List<Certificate> shown(Material.Text text) throws UnusableTlsException {
    return Pem.certificates(text.pem(), text.where()).stream()
        .map(each -> Certificate.of(text.file(), each))
        .toList();
  }

  /** A new context for who calls us; the caller's to release. */
  SslContext create(Material material) throws UnusableTlsException {
    Identity own = Identity.of(material.own());
    String where = material.own().chain().where();
    SslContextBuilder builder;
    try {
      builder = SslContextBuilder.forServer(own.key(), own.chain());
    } catch (IllegalArgumentException e) {
      throw unusable(where, e);
    }
    builder.clientAuth(material.clients().isPresent() ? auth(material) : ClientAuth.NONE);
    if (material.clients().isPresent()) {
      builder.trustManager(PeerTrust.ofClients(check(material.clients().get())));
    }
    return build(builder, material.versions(), material.alpn(), where);
  }

  /** A new context for calls of ours; the caller's to release. */
  SslContext create(OriginMaterial material) throws UnusableTlsException {
    SslContextBuilder builder = SslContextBuilder.forClient();
    String where = "upstream TLS";
    if (material.own().isPresent()) {
      Identity own = Identity.of(material.own().get());
      where = material.own().get().chain().where();
      try {
        builder.keyManager(own.key(), own.chain());
      } catch (IllegalArgumentException e) {
        throw unusable(where, e);
      }
    }
    builder.trustManager(
        material.servers().isPresent()
            ? PeerTrust.ofServers(check(material.servers().get()).ofServers())
            : InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0]);
    builder.endpointIdentificationAlgorithm(null); // the names to be expected are configured
    return build(builder, material.versions(), material.alpn(), where);
  }

  private SslContext build(
      SslContextBuilder builder, TlsVersions versions, List<String> alpn, String where)
      throws UnusableTlsException {
    // In memory only, and without a password. PKCS #12, the JDK's usual form, would go through
    // its 10,000 rounds for each context all the same.
    builder.keyStoreType("JKS").sslProvider(provider.get()).protocols(names(versions));
    builder.ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
    if (!alpn.isEmpty()) {
      builder.applicationProtocolConfig(protocols(alpn));
    }
    try {
      SslContext context = builder.build();
      if (context instanceof ReferenceCountedOpenSslContext openSsl) {
        openSsl.sessionContext().setSessionCacheEnabled(false);
      }
      return context;
    } catch (SSLException | IllegalArgumentException e) {
      throw unusable(where, e);
    }
  }

  /** An own certificate, read. */
  private record Identity(PrivateKey key, List<X509Certificate> chain) {
    static Identity of(Material.Own own) throws UnusableTlsException {
      String where = own.chain().where();
      List<X509Certificate> chain = Pem.certificates(own.chain().pem(), where);
      PrivateKey key = Pem.key(own.key().pem(), where);
      if (!KeyFit.fits(key, chain.get(0))) {
        throw new UnusableTlsException(where + ": certificate and private key do not fit");
      }
      return new Identity(key, chain);
    }
  }

  private static UnusableTlsException unusable(String where, Exception e) {
    return new UnusableTlsException(where + ": cannot be used: " + e.getMessage(), e);
  }

  private static ClientAuth auth(Material material) {
    return material.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
  }

  private static PeerCheck check(Peers clients) throws UnusableTlsException {
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
  private static List<String> names(TlsVersions versions) throws UnusableTlsException {
    Version least = versions.least().orElse(Version.TLS_1_2);
    Version most = versions.most().orElse(Version.TLS_1_3);
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
  private static ApplicationProtocolConfig protocols(List<String> protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }
}
