package io.zoneproxy.cp.trust;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom to trust. TLS is BoringSSL's: the JDK's refuses a certificate whose issuer has no name
 * before any trust manager sees it, and the one that kuma-cp makes for itself is such a one.
 * Immutable.
 */
public final class Trust {
  private static final Logger log = LoggerFactory.getLogger(Trust.class);

  /** As kuma-cp's own servers, which take 1.2 as the oldest. */
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final Kind kind;
  private final CaBundle bundle;

  private Trust(Kind kind, CaBundle bundle) {
    this.kind = kind;
    this.bundle = bundle;
  }

  /** The CAs of the system. */
  public static Trust system() {
    return new Trust(Kind.SYSTEM, CaBundle.EMPTY);
  }

  /**
   * These certificates, and those that they have signed.
   *
   * @param pem one certificate or several; those that cannot be read are trusted as they are
   * @throws IOException when there is none in it
   */
  public static Trust of(String pem) throws IOException {
    return new Trust(Kind.GIVEN, CaBundle.read(pem));
  }

  /** Everybody: for {@code --skip-verify}, which is for the call for the bootstrap only. */
  public static Trust everybody() {
    return new Trust(Kind.EVERYBODY, CaBundle.EMPTY);
  }

  /** BoringSSL where there is a native library for the platform, else the JDK's. */
  public static SslProvider provider() {
    if (OpenSsl.isAvailable()) {
      return SslProvider.OPENSSL;
    }
    log.debug(
        "no BoringSSL for this platform: a certificate without an issuer, such as kuma-cp makes for"
            + " itself, cannot be read then",
        OpenSsl.unavailabilityCause());
    return SslProvider.JDK;
  }

  /**
   * Adds it to a context for connections to one host.
   *
   * @param context of {@link #provider}
   * @param host DNS name or IP address, without brackets, that the certificate must be for
   */
  public SslContextBuilder apply(SslContextBuilder context, String host, NameRule names)
      throws IOException {
    context.protocols(PROTOCOLS).endpointIdentificationAlgorithm(null); // below, for all providers
    if (kind == Kind.EVERYBODY) {
      return context.trustManager(new Everybody());
    }
    X509TrustManager signers = kind == Kind.SYSTEM ? CaBundle.system() : bundle.signers();
    return context.trustManager(new ServerTrust(bundle, signers, new HostName(host), names));
  }

  /** A context for connections to one host. */
  public SslContext context(String host, NameRule names) throws IOException {
    return apply(SslContextBuilder.forClient().sslProvider(provider()), host, names).build();
  }

  private enum Kind {
    SYSTEM,
    GIVEN,
    EVERYBODY
  }
}
