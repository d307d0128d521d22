package io.zoneproxy.tls.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import io.zoneproxy.tls.identity.TestAuthority.Order;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which clients pass, and what is said of the others. */
class PeerCheckTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final TestAuthority mesh = TestAuthority.create("mesh");

  @Test
  void takesAnAuthorityWithSerialNumberZero() {
    TestAuthority admin = TestAuthority.create("Envoy Admin CA", 0);
    PeerCheck check = admits(admin, match(SanMatch.Type.DNS, StringMatch.exact("kuma-cp")));

    assertThatCode(() -> check.verify(admin.order().dns("kuma-cp").issue().presented()))
        .doesNotThrowAnyException();
  }

  @Test
  void aLegacyCertificateHasManyUris() {
    Issued sidecar =
        mesh.order()
            .uri("spiffe://default/web")
            .uri("kuma://kuma.io/service/web")
            .uri("kuma://team_a/x%20y")
            .issue();

    assertPasses(admits(mesh, uri("spiffe://default/")), sidecar);
    assertPasses(admits(mesh), sidecar);
    assertRefused(
        admits(mesh, uri("spiffe://other/")),
        sidecar,
        "certificate has URI:spiffe://default/web, URI:kuma://kuma.io/service/web, "
            + "URI:kuma://team_a/x%20y (expected: URI prefix spiffe://other/)");
  }

  @Test
  void oneOfSeveralNamesIsEnough() {
    PeerCheck check =
        admits(mesh, uri("spiffe://a/"), match(SanMatch.Type.DNS, StringMatch.exact("b")));

    assertPasses(check, mesh.order().dns("b").issue());
    assertPasses(check, mesh.order().uri("spiffe://a/x").issue());
    assertRefused(check, mesh.order().uri("b:b").issue(), "URI:b:b (expected: ");
  }

  @ParameterizedTest
  @CsvSource({
    "kuma-cp,kuma-cp,true",
    "Kuma-CP,kuma-cp,true",
    "kuma-cp.evil,kuma-cp,false",
    "*.mesh,a.mesh,true",
    "*.mesh,a.b.mesh,false",
    "*.mesh,mesh,false",
    "*.mesh,.mesh,false",
    "a*.mesh,ab.mesh,false",
    "*,kuma-cp,false",
  })
  void dnsNamesOfACertificateMayHaveAWildcard(String presented, String wanted, boolean passes) {
    PeerCheck check = admits(mesh, match(SanMatch.Type.DNS, StringMatch.exact(wanted)));
    Issued issued = mesh.order().dns(presented).issue();
    if (passes) {
      assertPasses(check, issued);
    } else {
      assertRefused(check, issued, "DNS:" + presented + " (expected: DNS exact " + wanted + ")");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.9.0.1,10.9.0.1,true",
    "10.9.0.1,10.9.0.10,false",
    "::1,::1,true",
    "fd00:0:0:0::1,fd00::1,true",
    "fd00::1,fd00:0:0:0::1,true",
    "::ffff:10.9.0.1,10.9.0.1,false",
  })
  void addressesAreComparedAsText(String presented, String wanted, boolean passes) {
    PeerCheck check = admits(mesh, match(SanMatch.Type.IP_ADDRESS, StringMatch.exact(wanted)));
    Issued issued = mesh.order().ip(presented).issue();
    if (passes) {
      assertPasses(check, issued);
    } else {
      assertRefused(check, issued, "(expected: IP_ADDRESS exact " + wanted + ")");
    }
  }

  @Test
  void anEmailIsAName() {
    PeerCheck check = admits(mesh, match(SanMatch.Type.EMAIL, StringMatch.exact("a@b")));

    assertPasses(check, mesh.order().name(GeneralName.rfc822Name, "a@b").issue());
    assertRefused(check, mesh.order().dns("a@b").issue(), "DNS:a@b");
  }

  @Test
  void anExpressionLooksAtAWholeName() {
    PeerCheck check = admits(mesh, match(SanMatch.Type.URI, regex("spiffe://[a-z]+/web")));

    assertPasses(check, mesh.order().uri("spiffe://default/web").issue());
    assertRefused(
        check,
        mesh.order().uri("spiffe://default/web2").issue(),
        "(expected: URI regex spiffe://[a-z]+/web)");
    PeerCheck dns = admits(mesh, match(SanMatch.Type.DNS, regex("kuma-[a-z]+")));
    assertPasses(dns, mesh.order().dns("Kuma-CP").issue());
    assertRefused(dns, mesh.order().uri("dns:kuma-cp").issue(), "URI:dns:kuma-cp");
  }

  private static StringMatch regex(String expression) {
    return new StringMatch(StringMatch.Kind.REGEX, expression, false);
  }

  @Test
  void aNameWithANulByteOrAnotherOddCharacterNeverMatches() {
    for (String odd : List.of("kuma-cp\0", "kuma-cp\0.evil", "kuma-cp\n", "kuma-cp ", "")) {
      PeerCheck check = admits(mesh, match(SanMatch.Type.DNS, StringMatch.prefix("kuma-cp")));

      assertRefused(check, mesh.order().dns(odd).issue(), "");
    }
    PeerCheck any = admits(mesh, match(SanMatch.Type.URI, StringMatch.prefix("")));
    assertRefused(any, mesh.order().subject("x").uri("spiffe://a/\0").issue(), "");
  }

  @Test
  void theSubjectIsNoName() {
    PeerCheck check = admits(mesh, match(SanMatch.Type.DNS, StringMatch.exact("kuma-cp")));

    assertRefused(
        check, mesh.order().subject("kuma-cp").issue(), "certificate has subject \"CN=kuma-cp\"");
  }

  @Test
  void anotherAuthorityOfTheSameNameIsAnother() {
    TestAuthority other = TestAuthority.create("mesh");

    assertRefused(
        admits(mesh),
        other.order().uri("spiffe://a/x").issue(),
        "certificate of issuer \"CN=mesh\" is signed with another key than that of the trusted"
            + " authority of this name (expected: one that it has signed; if the authority was made"
            + " anew, its new certificate must be trusted)");
    assertRefused(
        admits(mesh),
        TestAuthority.create("other").order().uri("spiffe://a/x").issue(),
        "certificate of issuer \"CN=other\" does not come from \"CN=mesh\": ");
  }

  @Test
  void ofManyAuthoritiesNoneIsNamed() {
    List<X509Certificate> many =
        IntStream.range(0, 4)
            .mapToObj(number -> TestAuthority.create("ca-" + number).certificate())
            .toList();
    assertRefused(
        PeerCheck.byAuthorities(many, List.of()),
        mesh.order().uri("spiffe://a/x").issue(),
        "does not come from one of the 4 trusted authorities: ");
  }

  @Test
  void ofAServerItIsSaidWhereItsAuthorityBelongs() {
    assertRefused(
        admits(mesh).ofServers(),
        TestAuthority.create("other").order().server().dns("b").issue(),
        "does not come from \"CN=mesh\" (expected: one that does, or its CA in caCert of the"
            + " external service): ");
  }

  @Test
  void whileAnAuthorityIsReplacedBothCount() {
    TestAuthority next = TestAuthority.create("mesh");
    PeerCheck both =
        PeerCheck.byAuthorities(List.of(mesh.certificate(), next.certificate()), List.of());

    assertPasses(both, mesh.order().issue());
    assertPasses(both, next.order().issue());
  }

  @Test
  void timeCounts() {
    Instant now = Instant.now();

    assertRefused(
        admits(mesh),
        mesh.order().valid(now.minus(DAY), now.minusSeconds(60)).issue(),
        "certificate has expired at ");
    assertRefused(
        admits(mesh),
        mesh.order().valid(now.plusSeconds(600), now.plus(DAY)).issue(),
        "certificate is valid from ");
  }

  @Test
  void intermediatesArePresentedByThePeer() {
    TestAuthority below = mesh.below(mesh.order().subject("below"));
    Issued leaf = below.order().uri("spiffe://a/x").issue();

    assertThat(leaf.chain()).hasSize(2);
    assertPasses(admits(mesh), leaf);
    assertPasses(admits(below), leaf);
    assertRefused(
        admits(mesh), new Issued(leaf.key(), leaf.chain().subList(0, 1)), "does not come from");
  }

  @Test
  void whoIsNoAuthorityCannotIssue() {
    Issued web = mesh.order().subject("web").issue();
    X509Certificate forged =
        TestAuthority.create("web").order().uri("spiffe://a/admin").issue().chain().get(0);

    assertRefused(
        admits(mesh),
        new Issued(web.key(), List.of(forged, web.chain().get(0))),
        "does not come from");
  }

  @Test
  void aTrustedCertificateThatIsNoAuthoritysCannotIssue() {
    Issued web = mesh.order().subject("web").uri("spiffe://mesh/web").issue();
    Issued byWeb = TestAuthority.posing(web).order().uri("spiffe://mesh/admin").issue();
    List<X509Certificate> trusted = List.of(mesh.certificate(), web.chain().get(0));

    assertRefused(
        PeerCheck.byAuthorities(trusted, List.of()),
        byWeb,
        "trusted certificate \"CN=web\" is no authority's");
    assertPasses(PeerCheck.byAuthorities(trusted, List.of()), web);
    assertPasses(PeerCheck.byAuthorities(List.of(web.chain().get(0)), List.of()), web);
    assertRefused(
        PeerCheck.byTrustDomain(Map.of("mesh", trusted), List.of()),
        byWeb,
        "trusted certificate \"CN=web\" is no authority's");
  }

  @Test
  void aTrustedIntermediateThatHasExpiredIssuesNoMore() {
    Instant now = Instant.now();
    TestAuthority below =
        mesh.below(mesh.order().subject("below").valid(now.minus(DAY), now.minusSeconds(60)));

    assertRefused(
        admits(below),
        below.order().uri("spiffe://a/x").issue(),
        "trusted certificate \"CN=below\" has expired at ");
  }

  @Test
  void aTrustedIntermediateIssuesForItsOwnNamesOnly() {
    TestAuthority east = mesh.below(mesh.order().subject("east").permitUris("east"));
    TestAuthority below = east.below(east.order().subject("below"));
    String why = "trusted certificate \"CN=east\" does not allow the names below it";

    for (TestAuthority issuer : List.of(east, below)) {
      Issued own = issuer.order().uri("spiffe://east/a").issue();
      Issued other = issuer.order().uri("spiffe://west/a").issue();
      assertPasses(admits(east), own);
      assertRefused(admits(east), other, why);
      assertPasses(admits(mesh), own);
      assertRefused(admits(mesh), other, "does not come from");
    }
    assertRefused(admits(east), east.order().uri("spiffe://sub.east/a").issue(), why);
    assertRefused(admits(east), east.order().uri("spiffe://no_dns/a").issue(), why);
    assertRefused(
        PeerCheck.byTrustDomain(Map.of("west", List.of(east.certificate())), List.of()),
        east.order().uri("spiffe://west/a").issue(),
        why);
  }

  @Test
  void aServersCertificateIsNoClients() {
    assertRefused(
        admits(mesh), mesh.order().server().issue(), "extended key usage is [1.3.6.1.5.5.7.3.1]");
    assertRefused(
        admits(mesh), mesh.order().usage(KeyUsage.keyEncipherment).issue(), "no digitalSignature");
    assertPasses(admits(mesh), mesh.order().purpose(KeyPurposeId.anyExtendedKeyUsage).issue());
  }

  @Test
  void sha1IsNoSignature() {
    assertRefused(admits(mesh), mesh.order().issue("SHA1withECDSA"), "SHA1withECDSA");
  }

  @Test
  void moreCertificatesThanAnyChainHasAreRefused() {
    Issued leaf = mesh.order().issue();
    List<X509Certificate> many = Collections.nCopies(11, leaf.chain().get(0));

    assertRefused(admits(mesh), new Issued(leaf.key(), many), "11 certificates");
  }

  @Test
  void theTrustDomainChoosesTheAuthorities() {
    TestAuthority west = TestAuthority.create("west");
    PeerCheck check =
        PeerCheck.byTrustDomain(
            Map.of("mesh", List.of(mesh.certificate()), "west", List.of(west.certificate())),
            List.of());

    assertPasses(check, mesh.order().uri("spiffe://mesh/ns/a").issue());
    assertPasses(check, west.order().uri("spiffe://west/ns/a").issue());
    assertRefused(
        check, west.order().uri("spiffe://mesh/ns/a").issue(), "issuer \"CN=west\" does not come");
    assertRefused(
        check, west.order().uri("spiffe://east/ns/a").issue(), "trust domain east (expected: ");
  }

  @Test
  void anSvidHasOneUri() {
    PeerCheck check = spiffe();

    for (Order order :
        List.of(
            mesh.order().dns("a"),
            mesh.order().uri("spiffe://mesh/a").uri("spiffe://mesh/b"),
            mesh.order().uri("spiffe://mesh/a").uri("kuma://x/y"),
            mesh.order().subject("x").uri("spiffe://mesh/a").uri("\0"))) {
      assertRefused(check, order.issue(), "(expected: one URI, a SPIFFE ID)");
    }
    for (String uri :
        List.of(
            "https://mesh/a",
            "spiffe://u@mesh/a",
            "spiffe://mesh:1/a",
            "spiffe://MESH/a",
            "spiffe://*/a",
            "spiffe:///a",
            "spiffe://mesh/ns/../a",
            "spiffe://mesh/ns/./a",
            "spiffe://mesh/ns/..",
            "spiffe://mesh/ns//a",
            "spiffe://mesh//ns/a",
            "spiffe://mesh/ns/a/",
            "spiffe://mesh/",
            "spiffe://mesh/ns/%61",
            "spiffe://mesh/ns/a;b",
            "spiffe://mesh/ns/a?b",
            "spiffe://mesh/ns/a#b",
            "spiffe://mesh/" + "a".repeat(2048),
            "SPIFFE://mesh/a")) {
      assertRefused(check, mesh.order().uri(uri).issue(), "URI:" + uri);
    }
  }

  @Test
  void anAuthorityIsNoWorkload() {
    TestAuthority below = mesh.below(mesh.order().subject("below").uri("spiffe://mesh/a"));

    assertRefused(
        spiffe(),
        new Issued(mesh.order().issue().key(), List.of(below.certificate())),
        "certificate is an authority's");
    int signs = KeyUsage.digitalSignature | KeyUsage.keyCertSign;
    assertRefused(
        spiffe(), mesh.order().uri("spiffe://mesh/a").usage(signs).issue(), "an authority's");
  }

  @Test
  void onlyMatchersOfUrisCountForSvids() {
    Map<String, List<X509Certificate>> domains = Map.of("mesh", List.of(mesh.certificate()));
    Issued leaf = mesh.order().uri("spiffe://mesh/ns/a").dns("b").issue();
    SanMatch dns = match(SanMatch.Type.DNS, StringMatch.exact("c"));

    assertPasses(PeerCheck.byTrustDomain(domains, List.of(dns)), leaf);
    assertPasses(PeerCheck.byTrustDomain(domains, List.of(dns, uri("spiffe://mesh/ns/"))), leaf);
    assertRefused(
        PeerCheck.byTrustDomain(domains, List.of(uri("spiffe://mesh/other/"))),
        leaf,
        "(expected: URI prefix spiffe://mesh/other/)");
  }

  private PeerCheck spiffe() {
    return PeerCheck.byTrustDomain(Map.of("mesh", List.of(mesh.certificate())), List.of());
  }

  private static PeerCheck admits(TestAuthority authority, SanMatch... names) {
    return PeerCheck.byAuthorities(List.of(authority.certificate()), List.of(names));
  }

  private static SanMatch uri(String prefix) {
    return match(SanMatch.Type.URI, StringMatch.prefix(prefix));
  }

  private static SanMatch match(SanMatch.Type type, StringMatch value) {
    return new SanMatch(type, value);
  }

  private static void assertPasses(PeerCheck check, Issued issued) {
    assertThatCode(() -> check.verify(issued.presented())).doesNotThrowAnyException();
  }

  private static void assertRefused(PeerCheck check, Issued issued, String why) {
    assertThatThrownBy(() -> check.verify(issued.presented()))
        .isInstanceOf(PeerRefusedException.class)
        .hasMessageContaining(why);
  }
}
