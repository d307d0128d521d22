package io.zoneproxy.cp.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against an HTTPS server that answers as kuma-cp does. */
final class BootstrapClientTest {
  private HttpsServer server;
  private X509Bundle certificate;
  private int status = 200;
  private String answer = "";
  private String asked = "";

  @BeforeEach
  void open() throws Exception {
    certificate =
        new CertificateBuilder()
            .subject("CN=control plane")
            .addSanDnsName("localhost")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    server.createContext(
        "/bootstrap",
        exchange -> {
          asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private String trusted() {
    return certificate.getRootCertificatePEM();
  }

  private static BootstrapRequest request() {
    return new BootstrapRequest(
        "egress-1",
        "",
        "egress",
        "{\"type\":\"ZoneEgress\"}",
        "secret-token",
        "",
        "CA",
        9902,
        Path.of("/tmp/zp"),
        "/etc/ssl/ca.crt",
        true,
        BootstrapRequest.FEATURES,
        "1.0");
  }

  private Bootstrap call(SSLContext tls) throws Exception {
    return new BootstrapClient(
            URI.create("https://localhost:" + server.getAddress().getPort() + "/ignored"), tls)
        .call(request());
  }

  private Bootstrap call() throws Exception {
    return call(Trust.of(trusted()));
  }

  @Test
  void saysWhatKumaDpSays() throws Exception {
    answer = BootstrapAnswers.body(BootstrapAnswers.withCluster("ads_cluster", "localhost", 5678));
    assertThat(call().ads().port()).isEqualTo(5678);
    JsonObject said = new Gson().fromJson(asked, JsonObject.class);
    assertThat(said.get("name").getAsString()).isEqualTo("egress-1");
    assertThat(said.get("mesh").getAsString()).isEmpty();
    assertThat(said.get("proxyType").getAsString()).isEqualTo("egress");
    assertThat(said.get("readinessPort").getAsInt()).isEqualTo(9902);
    assertThat(said.get("workdir").getAsString()).isEqualTo("/tmp/zp");
    assertThat(said.get("ipv6Enabled").getAsBoolean()).isTrue();
    assertThat(
            said.getAsJsonObject("version").getAsJsonObject("kumaDp").get("version").getAsString())
        .isEqualTo("1.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          422 | networking.port: port must be in the range [1, 65535] | port must be in the range | false
          422 | Dataplane Token is required. | Token is required | false
          404 | | --dataplane-file | true
          404 | 404 page not found | 5678 | false
          400 | Client sent an HTTP request to an HTTPS server. | https:// | false
          400 | not a certificate authority (basic constraint 'CA' is set to 'false') | --ca-cert-file | false
          400 | it is not valid for the host | certificate | false
          500 | | --proxy-type | true
          """)
  void saysWhatARefusalMeansAndWhetherToTryAgain(
      int code, String text, String meaning, boolean again) {
    status = code;
    answer = text == null ? "" : text;
    assertThatThrownBy(this::call)
        .isInstanceOfSatisfying(
            BootstrapException.class, e -> assertThat(e.worthRetrying()).isEqualTo(again))
        .hasMessageContaining(meaning)
        .hasMessageNotContaining("secret-token");
  }

  @Test
  void doesNotTalkToAServerThatItCannotVerify() {
    answer = "{}";
    assertThatThrownBy(() -> call(Trust.system()))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("--ca-cert-file");
    assertThat(asked).isEmpty();
  }

  @Test
  void doesNotTalkToAServerOfAnotherName() throws Exception {
    BootstrapClient client =
        new BootstrapClient(
            URI.create("https://127.0.0.1:" + server.getAddress().getPort()), Trust.of(trusted()));
    assertThatThrownBy(() -> client.call(request()))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("TLS");
    assertThat(asked).isEmpty();
  }

  @Test
  void talksToAnyServerWhenItIsToldNotToVerify() throws Exception {
    answer = BootstrapAnswers.body(BootstrapAnswers.withUri("localhost:5678"));
    BootstrapClient client =
        new BootstrapClient(
            URI.create("https://127.0.0.1:" + server.getAddress().getPort()), Trust.everybody());
    assertThat(client.call(request()).ads().host()).isEqualTo("localhost");
  }

  @Test
  void saysThatNothingListens() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    BootstrapClient client =
        new BootstrapClient(URI.create("https://localhost:" + free), Trust.everybody());
    assertThatThrownBy(() -> client.call(request()))
        .isInstanceOfSatisfying(
            BootstrapException.class, e -> assertThat(e.worthRetrying()).isTrue())
        .hasMessageContaining("nothing listens there")
        .hasMessageContaining("global");
  }

  @Test
  void saysThatANameHasNoAddress() {
    BootstrapClient client =
        new BootstrapClient(URI.create("https://nowhere.invalid:5678"), Trust.everybody());
    assertThatThrownBy(() -> client.call(request()))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("no address");
  }

  @Test
  void refusesACaThatIsNone() {
    assertThatThrownBy(() -> Trust.of("nothing"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PEM");
  }

  @Test
  void neverShowsTheToken() {
    assertThat(request().toString()).isEqualTo("bootstrap of egress egress-1");
  }
}
