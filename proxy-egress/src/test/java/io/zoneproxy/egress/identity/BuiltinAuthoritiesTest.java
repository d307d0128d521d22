package io.zoneproxy.egress.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuiltinAuthoritiesTest {
  private final Path work;
  private final BuiltinAuthorities authorities;

  BuiltinAuthoritiesTest(@TempDir Path folder) {
    work = folder.resolve("work");
    authorities = new BuiltinAuthorities(work);
  }

  @Test
  void anAuthorityIsMadeOnceAndKeptForItsOwnerOnly() throws Exception {
    MeshAuthority made = authorities.authority("default", "ca-1");
    Path file = work.resolve("ca/default/ca-1.pem");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(work.resolve("ca"))).isEqualTo("rwx------");
    assertThat(mode(work.resolve("ca/default"))).isEqualTo("rwx------");
    MeshAuthority again = new BuiltinAuthorities(work).authority("default", "ca-1");
    assertThat(again.certificates()).isEqualTo(made.certificates());
    assertThat(authorities.backends("default")).containsExactly("ca-1");
    assertThat(authorities.authority("default", "ca-2").certificates())
        .isNotEqualTo(made.certificates());
    try (var files = Files.list(work.resolve("ca/default"))) {
      assertThat(files).hasSize(2); // nothing half written is left
    }
  }

  @Test
  void thoseWhoMakeItAtTheSameTimeGetTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(() -> new BuiltinAuthorities(work).authority("default", "ca-1").certificates());
      }
      List<String> found = new ArrayList<>();
      for (Future<String> each : threads.invokeAll(calls)) {
        found.add(each.get());
      }
      assertThat(found).containsOnly(found.get(0));
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aKeyThatOthersMayReadIsRefused() throws Exception {
    authorities.authority("default", "ca-1");
    Path file = work.resolve("ca/default/ca-1.pem");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> authorities.authority("default", "ca-1"))
        .isInstanceOf(UnusableAuthorityException.class)
        .hasMessage(file + ": others may use the key in it (expected: mode 0600)");
  }

  @Test
  void noNameLeadsOutOfTheFolder() {
    for (String name : List.of("..", ".hidden", "a/b", "")) {
      assertThatThrownBy(() -> authorities.authority("default", name))
          .isInstanceOf(UnusableAuthorityException.class)
          .hasMessageStartingWith(name + ": is no name of a file");
    }
    assertThat(work).doesNotExist();
  }

  @Test
  void aCertificateHasTheUrisOfADataPlane() throws Exception {
    MeshAuthority authority = authorities.authority("default", "ca-1");
    Issued issued =
        authority.issue("default", "shop", Map.of("version", "v1"), Duration.ofHours(2));
    X509Certificate leaf = certificate(issued.chain());
    assertThat(leaf.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly(
            "spiffe://default/shop", "kuma://kuma.io/service/shop", "kuma://version/v1");
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    leaf.verify(certificate(authority.certificates()).getPublicKey());
    assertThat(issued.until())
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(110)), Instant.now().plus(Duration.ofHours(2)));
    assertThat(issued.toString()).doesNotContain("PRIVATE");
  }

  @Test
  void aCertificateEndsBeforeItsAuthority() throws Exception {
    MeshAuthority authority = authorities.authority("default", "ca-1");
    Issued issued = authority.issue("default", "shop", Map.of(), Duration.ofDays(10_000));
    assertThat(issued.until())
        .isEqualTo(certificate(authority.certificates()).getNotAfter().toInstant());
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsRefused() throws Exception {
    MeshAuthority one = authorities.authority("default", "ca-1");
    MeshAuthority other = authorities.authority("default", "ca-2");
    assertThatThrownBy(() -> MeshAuthority.of(one.certificates(), other.key(), "backend x"))
        .isInstanceOf(UnusableAuthorityException.class)
        .hasMessage("backend x: certificate and key do not fit");
    Issued leaf = one.issue("default", "shop", Map.of(), Duration.ofHours(1));
    assertThatThrownBy(() -> MeshAuthority.of(leaf.chain(), leaf.key().pem(), "backend x"))
        .isInstanceOf(UnusableAuthorityException.class)
        .hasMessageStartingWith("backend x: the first certificate is no CA");
  }

  private static String mode(Path path) throws java.io.IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static X509Certificate certificate(String pem) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }
}
