package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.egress.identity.CertificateMaker;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DemoCertificatesTest {
  private static final DemoWorld.Instance ECHO = DemoWorld.plan().get(0);

  @Test
  void aServiceHasTheNamesThatKumaGivesToASidecar() throws Exception {
    X509Certificate certificate = DemoCertificates.create().issue(ECHO).certificate();

    assertThat(names(certificate, 6))
        .containsExactly(
            "spiffe://default/echo",
            "kuma://kuma.io/protocol/http",
            "kuma://kuma.io/service/echo",
            "kuma://kuma.io/zone/east",
            "kuma://version/v1");
    assertThat(names(certificate, 2)).containsExactly(DemoNames.hashedForm("echo", 80));
  }

  @Test
  void theClientHasItsSpiffeName() throws Exception {
    X509Certificate client = DemoCertificates.create().client().certificate();

    assertThat(names(client, 6)).contains("spiffe://default/demo-client");
    assertThat(client.getExtendedKeyUsage()).contains("1.3.6.1.5.5.7.3.2");
  }

  @Test
  void everythingIsP256AndEndsWithinADay() throws Exception {
    DemoCertificates certificates = DemoCertificates.create();

    for (X509Certificate each :
        List.of(
            certificates.authority(),
            certificates.client().certificate(),
            certificates.issue(ECHO).certificate())) {
      each.checkValidity();
      assertThat(each.getNotAfter().toInstant())
          .isBefore(Instant.now().plus(Duration.ofDays(1)).plusSeconds(1));
      assertThat(((ECPublicKey) each.getPublicKey()).getParams().getOrder().bitLength())
          .isEqualTo(256);
    }
  }

  @Test
  void onlyTheAuthorityMaySign() throws Exception {
    DemoCertificates certificates = DemoCertificates.create();
    X509Certificate leaf = certificates.issue(ECHO).certificate();

    leaf.verify(certificates.authority().getPublicKey());
    assertThat(certificates.authority().getBasicConstraints()).isZero();
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void anotherRunsAuthoritySignedNothingOfThisOne() throws Exception {
    X509Certificate leaf = DemoCertificates.create().issue(ECHO).certificate();
    X509Certificate other = DemoCertificates.create().authority();

    assertThatThrownBy(() -> leaf.verify(other.getPublicKey()))
        .isInstanceOf(SignatureException.class);
  }

  @Test
  void serialsDiffer() throws Exception {
    DemoCertificates certificates = DemoCertificates.create();

    assertThat(certificates.issue(ECHO).certificate().getSerialNumber())
        .isPositive()
        .isNotEqualTo(certificates.issue(ECHO).certificate().getSerialNumber());
  }

  @Test
  void writesPemFilesThatOnlyTheOwnerCanRead() throws Exception {
    DemoCertificates certificates = DemoCertificates.create();
    try (DemoFolder folder = DemoFolder.create()) {
      certificates.writeTo(folder);

      assertThat(mode(folder.path())).isEqualTo("rwx------");
      assertThat(mode(folder.path().resolve("client.key"))).isEqualTo("rw-------");
      assertThat(read(folder, "ca.pem")).isEqualTo(certificates.authority());
      assertThat(read(folder, "client.pem")).isEqualTo(certificates.client().certificate());
    }
  }

  @Test
  void theKeyFileFitsTheCertificate() throws Exception {
    DemoCertificates certificates = DemoCertificates.create();
    try (DemoFolder folder = DemoFolder.create()) {
      certificates.writeTo(folder);
      String pem = Files.readString(folder.path().resolve("client.key"));
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));

      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)));
      signature.update("proof".getBytes(US_ASCII));
      byte[] signed = signature.sign();
      signature.initVerify(certificates.client().certificate());
      signature.update("proof".getBytes(US_ASCII));
      assertThat(signature.verify(signed)).isTrue();
    }
  }

  @Test
  void opensslFindsNothingWrongWithTheChain() throws Exception {
    Shell.assumeThere("openssl");
    DemoCertificates certificates = DemoCertificates.create();
    try (DemoFolder folder = DemoFolder.create()) {
      certificates.writeTo(folder);

      Shell.Outcome outcome =
          Shell.run(
              "cd %s && openssl verify -x509_strict -purpose sslclient -CAfile ca.pem client.pem"
                  .formatted(folder.path()));
      assertThat(outcome.output()).isEqualTo("client.pem: OK\n");
    }
  }

  @Test
  void aKeyIsNeverPrinted() throws Exception {
    CertificateMaker.Made client = DemoCertificates.create().client();

    assertThat(client.toString()).startsWith("Made[").doesNotContain("Key");
  }

  @Test
  void theFolderGoesWithAllThatIsInItButFollowsNoLink() throws Exception {
    Path elsewhere = Files.createTempFile("kept", ".txt");
    DemoFolder folder = DemoFolder.create();
    try (folder) {
      folder.write("a/b/file.txt", "text");
      Files.createSymbolicLink(folder.path().resolve("a/link"), elsewhere);
    }
    folder.close(); // a second time

    assertThat(folder.path()).doesNotExist();
    assertThat(elsewhere).exists();
    Files.delete(elsewhere);
  }

  @Test
  void aFileIsNeverOverwritten() throws Exception {
    try (DemoFolder folder = DemoFolder.create()) {
      folder.write("file.txt", "first");

      assertThatThrownBy(() -> folder.write("file.txt", "second"))
          .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
      assertThat(folder.path().resolve("file.txt")).hasContent("first");
    }
  }

  private static List<String> names(X509Certificate certificate, int type) throws Exception {
    return certificate.getSubjectAlternativeNames().stream()
        .filter(name -> name.get(0).equals(type))
        .map(name -> (String) name.get(1))
        .toList();
  }

  private static X509Certificate read(DemoFolder folder, String name) throws Exception {
    byte[] bytes = Files.readAllBytes(folder.path().resolve(name));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(bytes));
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
