package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.egress.demo.DemoClient.Answer;
import io.zoneproxy.egress.identity.CertificateMaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
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
  void theServerNameIsTheOneAskedForOnEveryConnection() throws Exception {
    DemoConnections seen = new DemoConnections();
    DemoWorld world =
        new DemoWorld(
            running.folder.path(), running.world.instances(), RunningServices.freeDoors());
    try (DemoZoneProxies proxies = ForwardingProxies.start(world, seen)) {
      // One door and one authority: what a client could remember of the first would hurt here.
      for (int i = 0; i < 3; i++) {
        InetSocketAddress east = proxies.egress("east");
        String subset = "echo{mesh=default,version=v1}";
        assertThat(running.client.get(east, SNI, "echo", "/").service()).isEqualTo("echo");
        assertThat(running.client.get(east, "ledger{mesh=default}", "ledger", "/").service())
            .isEqualTo("ledger");
        assertThat(running.client.get(east, subset, "echo", "/").version()).isEqualTo("v1");
      }
    }
  }

  @Test
  void everyConnectionEndsInOrderAndNobodyResets() throws Exception {
    DemoConnections seen = new DemoConnections();
    DemoWorld world =
        new DemoWorld(
            running.folder.path(), running.world.instances(), RunningServices.freeDoors());
    try (DemoZoneProxies proxies = ForwardingProxies.start(world, seen)) {
      for (int i = 0; i < 30; i++) {
        running.client.get(proxies.egress("west"), SNI, "echo", "/");
      }
      DemoConnections.DoorStats west = seen.stats("west", DemoConnections.Door.EGRESS);
      await().until(() -> west.connections() == 30);
      assertThat(west.faults()).isZero();
      assertThat(seen.stats("east", DemoConnections.Door.INGRESS).faults()).isZero();
    }
  }

  @Test
  void manyThreadsMayAskAtATime() throws Exception {
    List<CompletableFuture<Answer>> asked = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int i = 0; i < 40; i++) {
      String path = "/" + i;
      asked.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return running.client.get(running.address("echo-east-2"), SNI, "echo", path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              threads));
    }
    for (int i = 0; i < asked.size(); i++) {
      assertThat(asked.get(i).get().path()).isEqualTo("/" + i);
    }
    threads.shutdown();
  }

  @Test
  void theJdksServerWouldRefuseATagForm() {
    // The reason for BoringSSL; if this fails one day, the JDK's server would do.
    assertThatThrownBy(() -> answerOf("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", SNI))
        .isInstanceOf(IOException.class);
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
    try (DemoClient stranger =
        client(
            running.certificates.authority(),
            running.certificates.issue(List.of("spiffe://other/demo-client")))) {
      assertThatThrownBy(() -> stranger.get(running.address("echo-east-1"), SNI, "echo", "/"))
          .isInstanceOf(IOException.class)
          .hasMessage("closed without a whole answer");
    }
  }

  @Test
  void refusesAClientWithAnotherAuthority() throws Exception {
    try (DemoClient stranger =
        client(running.certificates.authority(), DemoCertificates.create().client())) {
      assertThatThrownBy(() -> stranger.get(running.address("echo-east-1"), SNI, "echo", "/"))
          .isInstanceOf(IOException.class);
    }
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
    try (DemoClient stranger =
        client(DemoCertificates.create().authority(), running.certificates.client())) {
      assertThatThrownBy(() -> stranger.get(running.address("echo-east-1"), SNI, "echo", "/"))
          .isInstanceOf(IOException.class)
          .hasMessage("Path does not chain with any of the trust anchors");
    }
  }

  @Test
  void theClientSaysThatNobodyListens() throws Exception {
    InetSocketAddress nobody = running.world.doors("east").egress(); // chosen, never bound

    assertThatThrownBy(() -> running.client.get(nobody, SNI, "echo", "/"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Connection refused");
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
  void anAnswerThatWasCutOffIsAnError() throws Exception {
    String whole = "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\nzone: west\ninstance: echo-1\n";

    for (int cut : new int[] {0, 1, whole.indexOf("28"), whole.length() - 28, whole.length() - 1}) {
      assertThatThrownBy(() -> answerOf(whole.substring(0, cut)))
          .as("cut at " + cut)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("closed");
    }
    assertThat(answerOf(whole)).isEqualTo(new Answer("west", "", "echo-1", "", "", ""));
  }

  @Test
  void anotherStatusIsAnError() {
    assertThatThrownBy(() -> answerOf("HTTP/1.1 503 Sorry\r\nContent-Length: 0\r\n\r\n"))
        .hasMessage("answer: 503 Sorry (expected: 200 OK)");
  }

  @Test
  void anAnswerWithoutEndIsAnError() {
    assertThatThrownBy(
            () -> answerOf("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + "x".repeat(99_999)))
        .isInstanceOf(IOException.class);
  }

  /** The JDK's server takes DNS names only. */
  private static Answer answerOf(String text) throws Exception {
    return answerOf(text, DemoNames.hashedForm("echo", 80));
  }

  /** What the client makes of an answer that the JDK's TLS server gives, before it closes. */
  private static Answer answerOf(String text, String serverName) throws Exception {
    CertificateMaker.Made echo = running.certificates.issue(List.of("spiffe://default/echo"));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("echo", echo.key(), new char[0], new Certificate[] {echo.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    try (ServerSocket listener =
        tls.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Void> served = CompletableFuture.runAsync(() -> serve(listener, text));
      try {
        return running.client.get(
            new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()),
            serverName,
            "echo",
            "/");
      } finally {
        served.join();
      }
    }
  }

  private static void serve(ServerSocket listener, String text) {
    try (Socket socket = listener.accept()) {
      socket.getInputStream().read();
      socket.getOutputStream().write(text.getBytes(US_ASCII));
    } catch (IOException e) {
      // the client had enough
    }
  }

  private static DemoClient client(X509Certificate authority, CertificateMaker.Made identity)
      throws IOException {
    return DemoClient.of(running.services.loop(), authority, identity);
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
