package io.zoneproxy.cp.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.cp.CpCertificate;
import io.zoneproxy.cp.CpChain;
import io.zoneproxy.cp.trust.Trust;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an HTTPS server that answers as kuma-cp does, with the certificate that it makes. */
final class BootstrapClientTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final String GOOD =
      BootstrapAnswers.body(BootstrapAnswers.withCluster("ads_cluster", "localhost", 5678));

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final CpCertificate certificate = CpCertificate.make();
  private FakeBootstrapServer server;

  @BeforeEach
  void open() throws IOException {
    server = new FakeBootstrapServer(loops, certificate);
  }

  @AfterEach
  void close() {
    server.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private BootstrapClient client(String host, Trust trust) {
    return client("https", host, server.port(), trust);
  }

  private BootstrapClient client(String scheme, String host, int port, Trust trust) {
    return new BootstrapClient(
        URI.create(scheme + "://" + host + ":" + port + "/ignored"), trust, loops);
  }

  private Bootstrap call() throws Exception {
    return client("localhost", Trust.of(certificate.pem())).call(BootstrapRequests.egress());
  }

  @Test
  void saysWhatKumaDpSays() throws Exception {
    server.answer(200, GOOD);
    assertThat(call().ads().port()).isEqualTo(5678);
    JsonObject said = new Gson().fromJson(server.asked.get(0), JsonObject.class);
    assertThat(said.get("name").getAsString()).isEqualTo("egress-1");
    assertThat(said.get("mesh").getAsString()).isEmpty();
    assertThat(said.get("proxyType").getAsString()).isEqualTo("egress");
    assertThat(said.get("readinessPort").getAsInt()).isEqualTo(9902);
    assertThat(said.get("workdir").getAsString()).isEqualTo("/tmp/zp");
    assertThat(said.get("ipv6Enabled").getAsBoolean()).isTrue();
    assertThat(said.getAsJsonObject("dynamicMetadata").get("HOST_IP").getAsString())
        .isEqualTo("10.0.0.5");
    assertThat(said.getAsJsonArray("features").toString())
        .isEqualTo(
            "[\"feature-delta-grpc\",\"feature-reuse-port\","
                + "\"feature-tcp-accesslog-via-named-pipe\"]");
    JsonObject kumaDp = said.getAsJsonObject("version").getAsJsonObject("kumaDp");
    assertThat(kumaDp.get("version").getAsString()).isEqualTo("2.14.3");
    assertThat(kumaDp.get("gitTag").getAsString()).isEqualTo("zoneproxy-1.0");
    assertThat(server.heads.get(0))
        .startsWith("POST /bootstrap ")
        .contains("localhost:" + server.port())
        .containsIgnoringCase("accept: application/json")
        .containsIgnoringCase("content-type: application/json");
  }

  @Test
  void anAnswerOfSeveralLinesIsToldInOne() {
    server.answer(422, "not valid:\n\n* networking.address: bad\r\n* name: bad\n");
    assertThatThrownBy(this::call)
        .hasMessageContaining("not valid: * networking.address: bad * name: bad (to be");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          422 | networking.port: port must be in the range [1, 65535] | --dataplane-file | false
          422 | Dataplane Token is required. | --dataplane-token-file | false
          422 | Dataplane Token is required. | zone-token --zone=ZONE --scope=egress | false
          422 | mesh: mesh "x" does not exist | --mesh | false
          404 | | --dataplane-file | true
          404 | 404: Page Not Found | 5678 | false
          404 | 404 page not found | 5678 | false
          400 | Client sent an HTTP request to an HTTPS server. | https:// | false
          400 | not a certificate authority (basic constraint 'CA' is set to 'false') | --ca-cert-file | false
          400 | it is not valid for the host | a name of the control plane's certificate | false
          400 | | 2.9 | false
          500 | | --proxy-type | true
          503 | busy secret-token | busy [token] | true
          """)
  void saysWhatARefusalMeansAndWhetherToTryAgain(
      int code, String text, String meaning, boolean again) {
    server.answer(code, text == null ? "" : text);
    assertThatThrownBy(this::call)
        .isInstanceOfSatisfying(
            BootstrapException.class, e -> assertThat(e.worthRetrying()).isEqualTo(again))
        .hasMessageContaining(meaning)
        .hasMessageContaining("localhost:" + server.port())
        .hasMessageNotContaining("secret-token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.6\r\n",
        "\u0000\u0001\u0002garbage\r\n\r\n",
        "HTTP/1.1 zzz OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: minus\r\n\r\n{}"
      })
  void saysThatSomethingElseAnswers(String bytes) {
    server.answerRaw(bytes);
    assertThatThrownBy(this::call)
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("localhost:" + server.port())
        .hasMessageNotContaining("999")
        .hasMessageNotContaining("Exception");
  }

  @Test
  void saysThatHeadersAreTooLong() {
    server.answerRaw("HTTP/1.1 200 OK\r\n" + "a: bbbbbbbbbbbbbbbb\r\n".repeat(10_000) + "\r\n{}");
    assertThatThrownBy(this::call)
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("is no HTTP server: headers of more than 8192 bytes");
  }

  @Test
  void saysThatALongRefusalIsCut() {
    server.answer(503, "busy ".repeat(200));
    assertThatThrownBy(this::call).isInstanceOf(BootstrapException.class).hasMessageContaining("…");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1"})
  void trustsTheVeryCertificateOfTheBundleAlthoughItHasNoIssuer(String host) throws Exception {
    server.answer(200, GOOD);
    assertThat(
            client(host, Trust.of(certificate.pem())).call(BootstrapRequests.egress()).ads().host())
        .isEqualTo("localhost");
  }

  @Test
  void followsAChainToACaOfTheBundle() throws Exception {
    CpChain chain = CpChain.make();
    try (FakeBootstrapServer other =
        new FakeBootstrapServer(loops, chain.shown()).answer(200, GOOD)) {
      Trust trust = Trust.of(certificate.pem() + chain.rootPem());
      assertThat(
              client("https", "localhost", other.port(), trust)
                  .call(BootstrapRequests.egress())
                  .ads()
                  .port())
          .isEqualTo(5678);
    }
  }

  @Test
  void doesNotTalkToAServerThatItCannotVerify() throws Exception {
    server.answer(200, GOOD);
    for (Trust trust : new Trust[] {Trust.system(), Trust.of(CpCertificate.make().pem())}) {
      assertThatThrownBy(() -> client("localhost", trust).call(BootstrapRequests.egress()))
          .isInstanceOf(BootstrapException.class)
          .hasMessageContaining("--ca-cert-file")
          .hasMessageContaining("none of the CA bundle");
    }
    assertThat(server.asked).isEmpty();
  }

  @Test
  void doesNotTalkToAServerWhoseCertificateHasExpired() throws Exception {
    CpCertificate old =
        CpCertificate.make(Instant.now().minusSeconds(60), KeyPurposeId.id_kp_serverAuth);
    try (FakeBootstrapServer other = new FakeBootstrapServer(loops, old).answer(200, GOOD)) {
      Trust trust = Trust.of(old.pem());
      assertThatThrownBy(
              () ->
                  client("https", "localhost", other.port(), trust)
                      .call(BootstrapRequests.egress()))
          .isInstanceOf(BootstrapException.class)
          .hasMessageContaining("valid from");
      assertThat(other.asked).isEmpty();
    }
  }

  @Test
  void doesNotTalkToAServerOfAnotherName() throws Exception {
    server.answer(200, GOOD);
    X509Bundle root =
        new CertificateBuilder().subject("CN=r").setIsCertificateAuthority(true).buildSelfSigned();
    X509Bundle leaf =
        new CertificateBuilder().subject("CN=cp").addSanDnsName("other").buildIssuedBy(root);
    try (FakeBootstrapServer other =
        new FakeBootstrapServer(loops, CpCertificate.of(leaf)).answer(200, GOOD)) {
      Trust trust = Trust.of(root.getCertificatePEM());
      assertThatThrownBy(
              () ->
                  client("https", "localhost", other.port(), trust)
                      .call(BootstrapRequests.egress()))
          .isInstanceOf(BootstrapException.class)
          .hasMessageContaining("the certificate is for [other] (expected: localhost")
          .hasMessageNotContaining("--ca-cert-file"); // which is right
      assertThat(other.asked).isEmpty();
    }
  }

  @Test
  void talksToAnyServerWhenItIsToldNotToVerify() throws Exception {
    server.answer(200, BootstrapAnswers.body(BootstrapAnswers.withUri("localhost:5678")));
    assertThat(client("127.0.0.1", Trust.everybody()).call(BootstrapRequests.egress()).ads().host())
        .isEqualTo("localhost");
  }

  @Test
  void saysThatNothingListens() {
    int free = FreePort.onLoopback();
    assertThatThrownBy(
            () ->
                client("https", "localhost", free, Trust.everybody())
                    .call(BootstrapRequests.egress()))
        .isInstanceOfSatisfying(
            BootstrapException.class, e -> assertThat(e.worthRetrying()).isTrue())
        .hasMessageContaining("nothing listens there")
        .hasMessageContaining("global");
  }

  @Test
  void saysThatANameHasNoAddress() {
    assertThatThrownBy(
            () ->
                client("https", "nowhere.invalid", 5678, Trust.everybody())
                    .call(BootstrapRequests.egress()))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("no address");
  }

  @Test
  void saysThatThePortSpeaksNoTls() throws Exception {
    try (FakeBootstrapServer plain = new FakeBootstrapServer(loops, null).answer(404, "no")) {
      assertThatThrownBy(
              () ->
                  client("https", "localhost", plain.port(), Trust.everybody())
                      .call(BootstrapRequests.egress()))
          .isInstanceOf(BootstrapException.class)
          .hasMessageContaining("speaks no TLS");
      assertThat(plain.asked).noneMatch(asked -> asked.contains("secret-token"));
    }
  }

  @Test
  void neverSendsTheTokenWithoutTls() {
    assertThatThrownBy(
            () ->
                client("http", "localhost", server.port(), Trust.everybody())
                    .call(BootstrapRequests.egress()))
        .isInstanceOfSatisfying(
            BootstrapException.class, e -> assertThat(e.worthRetrying()).isFalse())
        .hasMessageContaining("expected: https://");
  }

  @Test
  void givesUpWaitingForAnAnswer() throws Exception {
    BootstrapClient client =
        new BootstrapClient(
            URI.create("https://localhost:" + server.port()),
            Trust.of(certificate.pem()),
            loops,
            SHORT);
    assertThatThrownBy(() -> client.call(BootstrapRequests.egress()))
        .isInstanceOfSatisfying(
            BootstrapException.class, e -> assertThat(e.worthRetrying()).isTrue())
        .hasMessageContaining("no answer in time");
  }

  @Test
  void callsAgainUntilTheResourceIsThere() throws Exception {
    server.answer(404, "").answer(404, "").answer(200, GOOD);
    Bootstrap bootstrap =
        client("localhost", Trust.of(certificate.pem()))
            .fetch(
                BootstrapRequests.egress(),
                new Retries(Duration.ofMillis(10), Duration.ofMinutes(1)),
                false);
    assertThat(bootstrap.ads().port()).isEqualTo(5678);
    assertThat(server.asked).hasSize(3);
  }

  @Test
  void callsOnceWhenTheAnswerWouldBeTheSame() throws Exception {
    server.answer(422, "Dataplane Token is required.");
    BootstrapClient client = client("localhost", Trust.of(certificate.pem()));
    assertThatThrownBy(() -> client.fetch(BootstrapRequests.egress(), Retries.DEFAULT, false))
        .isInstanceOf(BootstrapException.class);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void leavesTheTokenInTheLogLessAndLessOften() throws Exception {
    server.answer(500, "");
    BootstrapClient client = client("localhost", Trust.of(certificate.pem()));
    assertThatThrownBy(
            () ->
                client.fetch(
                    BootstrapRequests.egress(),
                    new Retries(Duration.ofMillis(100), Duration.ofSeconds(3)),
                    false))
        .isInstanceOf(BootstrapException.class);
    assertThat(server.asked).hasSizeBetween(2, 6); // at 0, 100, 300, 700 ms …, not thirty times
  }

  @Test
  void neverShowsTheToken() {
    assertThat(BootstrapRequests.egress().toString()).isEqualTo("bootstrap of egress egress-1");
  }
}
