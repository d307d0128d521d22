package io.zoneproxy.cp.trust;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.zoneproxy.cp.CpCertificate;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerTrustTest {
  private final CpCertificate own = CpCertificate.make();

  private static void check(String trusted, String host, X509Certificate... chain)
      throws CertificateException, IOException {
    check(NameRule.EXACT, trusted, host, chain);
  }

  private static void check(NameRule names, String trusted, String host, X509Certificate... chain)
      throws CertificateException, IOException {
    CaBundle bundle = CaBundle.read(trusted);
    new ServerTrust(bundle, bundle.signers(), new HostName(host), names)
        .checkServerTrusted(chain, "ECDHE_ECDSA");
  }

  private static CertificateBuilder builder(String subject) {
    return new CertificateBuilder().subject("CN=" + subject);
  }

  private static X509Bundle ca(String subject) throws Exception {
    return builder(subject).setIsCertificateAuthority(true).buildSelfSigned();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1"})
  void takesTheCertificateThatKumaCpMakesForItself(String host) {
    assertThatCode(() -> check(own.pem(), host, own.chain())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost.example", "local", "127.0.0.2", "::2", ""})
  void takesItForNoOtherHost(String host) {
    assertThatThrownBy(() -> check(own.pem(), host, own.chain()))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("expected: " + host);
  }

  @Test
  void takesNoOtherCertificateWithoutAnIssuer() {
    CpCertificate other = CpCertificate.make();
    assertThatThrownBy(() -> check(own.pem(), "localhost", other.chain()))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("none of the CA bundle");
  }

  @Test
  void takesNoneThatHasExpired() {
    CpCertificate old =
        CpCertificate.make(Instant.now().minusSeconds(60), KeyPurposeId.id_kp_serverAuth);
    assertThatThrownBy(() -> check(old.pem(), "localhost", old.chain()))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("valid from");
  }

  @Test
  void takesNoneThatIsForClientsOnly() {
    CpCertificate client =
        CpCertificate.make(Instant.now().plusSeconds(600), KeyPurposeId.id_kp_clientAuth);
    assertThatThrownBy(() -> check(client.pem(), "localhost", client.chain()))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("not for servers");
  }

  @Test
  void followsAChainToACaThatIsTrusted() throws Exception {
    X509Bundle ca = ca("root");
    X509Bundle middle = builder("middle").setIsCertificateAuthority(true).buildIssuedBy(ca);
    X509Bundle leaf =
        new CertificateBuilder()
            .subject("CN=control plane")
            .addSanDnsName("cp.example")
            .buildIssuedBy(middle);
    String root = ca.getCertificatePEM();
    assertThatCode(() -> check(root, "cp.example", leaf.getCertificate(), middle.getCertificate()))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(root, "cp.example", leaf.getCertificate()))
        .isInstanceOf(CertificateException.class);
    assertThatThrownBy(
            () -> check(own.pem(), "cp.example", leaf.getCertificate(), middle.getCertificate()))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void takesNoLeafForACa() throws Exception {
    X509Bundle ca =
        new CertificateBuilder()
            .subject("CN=root")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    X509Bundle leaf = new CertificateBuilder().subject("CN=a").buildIssuedBy(ca);
    X509Bundle forged =
        new CertificateBuilder().subject("CN=b").addSanDnsName("cp.example").buildIssuedBy(leaf);
    assertThatThrownBy(
            () ->
                check(
                    ca.getCertificatePEM(),
                    "cp.example",
                    forged.getCertificate(),
                    leaf.getCertificate()))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void followsAChainBesideACertificateOfTheBundleThatCannotBeRead() throws Exception {
    X509Bundle ca = ca("root");
    X509Bundle leaf = builder("cp").addSanDnsName("cp.example").buildIssuedBy(ca);
    String both = own.pem() + "text between\n" + ca.getCertificatePEM();
    assertThatCode(() -> check(both, "cp.example", leaf.getCertificate()))
        .doesNotThrowAnyException();
    assertThatCode(() -> check(both, "localhost", own.chain())).doesNotThrowAnyException();
  }

  @Test
  void takesAWildcardWhereThatIsUsual() throws Exception {
    X509Bundle ca = ca("root");
    byte[] wildcard =
        new GeneralNames(new GeneralName(GeneralName.dNSName, "*.example.org")).getEncoded();
    X509Bundle leaf =
        builder("cp")
            .addExtensionOctetString(Extension.subjectAlternativeName.getId(), false, wildcard)
            .buildIssuedBy(ca);
    String root = ca.getCertificatePEM();
    assertThatCode(() -> check(NameRule.USUAL, root, "cp.example.org", leaf.getCertificate()))
        .doesNotThrowAnyException();
    for (String host : new String[] {"a.cp.example.org", "example.org", ".example.org"}) {
      assertThatThrownBy(() -> check(NameRule.USUAL, root, host, leaf.getCertificate()))
          .isInstanceOf(CertificateException.class);
    }
    assertThatThrownBy(() -> check(root, "cp.example.org", leaf.getCertificate()))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("*.example.org");
  }

  @Test
  void takesNoNameFromTheSubject() throws Exception {
    X509Bundle ca = ca("root");
    X509Bundle leaf = builder("cp.example").buildIssuedBy(ca);
    assertThatThrownBy(
            () ->
                check(NameRule.USUAL, ca.getCertificatePEM(), "cp.example", leaf.getCertificate()))
        .isInstanceOf(CertificateException.class);
  }

  @Test
  void takesNoneOfACaThatHasExpiredOrSignsForAnother() throws Exception {
    X509Bundle ca = ca("root");
    X509Bundle leaf =
        builder("cp")
            .addSanDnsName("cp.example")
            .notBefore(Instant.now().minusSeconds(7200))
            .notAfter(Instant.now().minusSeconds(3600))
            .buildIssuedBy(ca);
    assertThatThrownBy(() -> check(ca.getCertificatePEM(), "cp.example", leaf.getCertificate()))
        .isInstanceOf(CertificateException.class);
    X509Bundle fresh = builder("cp").addSanDnsName("cp.example").buildIssuedBy(ca("root"));
    assertThatThrownBy(() -> check(ca.getCertificatePEM(), "cp.example", fresh.getCertificate()))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining("has not been signed");
  }

  @Test
  void takesNobodyAsAClient() throws Exception {
    CaBundle bundle = CaBundle.read(own.pem());
    ServerTrust trust =
        new ServerTrust(bundle, bundle.signers(), new HostName("localhost"), NameRule.EXACT);
    assertThatThrownBy(() -> trust.checkClientTrusted(own.chain(), "EC"))
        .isInstanceOf(CertificateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nMIIB\n"
      })
  void refusesABundleThatIsNone(String pem) {
    assertThatThrownBy(() -> Trust.of(pem))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PEM");
  }
}
