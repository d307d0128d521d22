package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.egress.demo.DemoClient.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service and the client against each other, without any proxy between. */
final class DemoServiceTest {
  private static final String SNI = "echo{mesh=default}";

  private static RunningServices running;

  @BeforeAll
  static void start() throws Exception {
    running = new RunningServices();
  }

  @AfterAll
  static void end() throws Exception {
    running.close();
  }

  @Test
  void saysWhoAnsweredWhom() throws Exception {
    Answer answer = running.client.get(running.address("echo-west-3"), SNI, "echo", "/hello?a=b");

    assertThat(answer)
        .isEqualTo(
            new Answer(
                "west", "echo", "echo-west-3", "v2", "spiffe://default/demo-client", "/hello?a=b"));
  }

  @Test
  void takesServerNamesThatAreNoDnsNames() throws Exception {
    for (String name :
        List.of(
            SNI,
            "echo{mesh=default,version=v2}",
            "echo{kuma.io/zone=west,mesh=default}",
            DemoNames.hashedForm("echo", 80),
            "a".repeat(255))) {
      assertThat(running.client.get(running.address("echo-east-1"), name, "echo", "/").instance())
          .isEqualTo("echo-east-1");
    }
  }

  @Test
  void countsWhatItAnswered() throws Exception {
    long before = running.services.requests("ledger-west-1");

    for (int i = 0; i < 3; i++) {
      running.client.get(running.address("ledger-west-1"), SNI, "ledger", "/");
    }
    assertThat(running.services.requests("ledger-west-1")).isEqualTo(before + 3);
    assertThat(running.services.requests("nobody")).isZero();
  }

  @Test
  void refusesAClientOfAnotherMesh() throws Exception {
    DemoClient stranger =
        DemoClient.of(
            running.certificates.authority(),
            running.certificates.issue("stranger", List.of("spiffe://other/demo-client")));

    assertThatThrownBy(() -> stranger.get(running.address("echo-east-1"), SNI, "echo", "/"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusesAClientWithAnotherAuthority() throws Exception {
    DemoClient stranger =
        DemoClient.of(running.certificates.authority(), DemoCertificates.create().client());

    assertThatThrownBy(() -> stranger.get(running.address("echo-east-1"), SNI, "echo", "/"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusesAClientWithoutACertificate() throws Exception {
    Shell.assumeThere("curl");
    Shell.Outcome outcome = curl("--fail", "");

    assertThat(outcome.code()).isNotZero();
    assertThat(outcome.output()).doesNotContain("instance:");
  }

  @Test
  void keepsAConnectionOpenForTheNextRequest() throws Exception {
    Shell.assumeThere("curl");
    String again = "https://" + DemoNames.hashedForm("echo", 80) + "/again";
    Shell.Outcome outcome = curl("--verbose " + again, withCertificate());

    assertThat(outcome.output()).contains("path: /again").contains("path: /hello");
    assertThat(outcome.output()).contains("Re-using existing connection");
  }

  @Test
  void agreesOnHttp11WhoeverAsksForMore() throws Exception {
    Shell.assumeThere("curl");

    assertThat(curl("--verbose --http2", withCertificate()).output())
        .contains("ALPN: server accepted http/1.1");
  }

  @Test
  void answersGetOnly() throws Exception {
    Shell.assumeThere("curl");
    long before = running.services.requests("echo-east-1");

    assertThat(curl("--data x", withCertificate()).output()).isEqualTo("only GET\n");
    assertThat(running.services.requests("echo-east-1")).isEqualTo(before);
  }

  @Test
  void closesOnBytesThatAreNoTls() throws Exception {
    InetSocketAddress address = running.address("echo-east-1");
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));

      byte[] all = socket.getInputStream().readAllBytes();
      assertThat(new String(all, US_ASCII)).doesNotContain("HTTP/1.1 200");
    }
  }

  @Test
  void theClientRefusesAServerOfAnotherService() {
    assertThatThrownBy(() -> running.client.get(running.address("ledger-west-1"), SNI, "echo", "/"))
        .isInstanceOf(IOException.class)
        .hasMessage("the server is not spiffe://default/echo");
  }

  @Test
  void theClientRefusesAServerWhoseNameOnlyBeginsLikeTheRightOne() {
    assertThatThrownBy(() -> running.client.get(running.address("echo-east-1"), SNI, "ech", "/"))
        .hasMessage("the server is not spiffe://default/ech");
  }

  @Test
  void theClientRefusesAServerWithAnotherAuthority() throws Exception {
    DemoClient stranger =
        DemoClient.of(DemoCertificates.create().authority(), running.certificates.client());

    assertThatThrownBy(() -> stranger.get(running.address("echo-east-1"), SNI, "echo", "/"))
        .isInstanceOf(javax.net.ssl.SSLException.class);
  }

  @Test
  void nothingListensAfterTheEnd() throws Exception {
    InetSocketAddress address;
    try (RunningServices other = new RunningServices()) {
      address = other.address("echo-east-1");
      other.client.get(address, SNI, "echo", "/");
    }
    assertThatThrownBy(
            () -> {
              try (Socket socket = new Socket()) {
                socket.connect(address, 1000);
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void anAnswerThatWasCutOffIsAnError() {
    String whole = "HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\nzone: west\ninstance: echo-1\n";

    for (int cut = 0; cut < whole.length(); cut++) {
      byte[] bytes = whole.substring(0, cut).getBytes(US_ASCII);
      assertThatThrownBy(() -> Answer.parse(bytes)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aWholeAnswerIsRead() throws Exception {
    Answer answer =
        Answer.parse(
            "HTTP/1.1 200 OK\r\ncontent-length: 27\r\n\r\nzone: west\ninstance: echo-1\n"
                .getBytes(US_ASCII));

    assertThat(answer.zone()).isEqualTo("west");
    assertThat(answer.instance()).isEqualTo("echo-1");
    assertThat(answer.caller()).isEmpty();
  }

  @Test
  void anotherStatusIsAnError() {
    byte[] bytes = "HTTP/1.1 503 Sorry\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);

    assertThatThrownBy(() -> Answer.parse(bytes))
        .hasMessage("answer: HTTP/1.1 503 Sorry (expected: HTTP/1.1 200)");
  }

  private static String withCertificate() {
    return "--cert %1$s/client.pem --key %1$s/client.key".formatted(running.folder.path());
  }

  private static Shell.Outcome curl(String options, String certificate) throws Exception {
    String name = DemoNames.hashedForm("echo", 80);
    InetSocketAddress to = running.address("echo-east-1");
    return Shell.run(
        "curl -sS --noproxy '*' --cacert %s/ca.pem %s --connect-to %s:443:%s:%d %s https://%s/hello"
            .formatted(
                running.folder.path(),
                certificate,
                name,
                InetAddress.getLoopbackAddress().getHostAddress(),
                to.getPort(),
                options,
                name));
  }
}
