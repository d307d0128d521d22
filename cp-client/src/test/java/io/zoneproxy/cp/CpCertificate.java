package io.zoneproxy.cp;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The certificate that kuma-cp makes for itself: its own CA, for localhost. */
final class CpCertificate {
  private final X509Bundle bundle;

  private CpCertificate(X509Bundle bundle) {
    this.bundle = bundle;
  }

  static CpCertificate make() {
    try {
      return new CpCertificate(
          new CertificateBuilder()
              .subject("CN=control plane")
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .setIsCertificateAuthority(true)
              .buildSelfSigned());
    } catch (Exception e) { // of a builder of tests
      throw new IllegalStateException(e);
    }
  }

  InputStream chain() {
    return stream(bundle.getCertificatePathPEM());
  }

  InputStream key() {
    return stream(bundle.getPrivateKeyPEM());
  }

  String trusted() {
    return bundle.getRootCertificatePEM();
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
