package io.zoneproxy.core.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.http.ControlLoop;
import io.zoneproxy.core.http.HttpLimits;
import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.observe.ProxyView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadinessServerTest {
  private final FakeProxy proxy = new FakeProxy();
  private final ControlLoop control = ControlLoop.nio();
  private final ReadinessServer server = new ReadinessServer(control.loop(), proxy::state);

  @BeforeEach
  void start() throws IOException {
    server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void stop() {
    server.close();
    control.close();
  }

  @ParameterizedTest
  @CsvSource({"LIVE,200,READY", "INITIALIZING,503,NOT_READY", "DRAINING,503,TERMINATING"})
  void answersAsKumaDpDoes(ProxyView.State state, int status, String body) throws Exception {
    proxy.state(state);
    Answer answer = RawClient.get(server.address(), "/ready?x=1");

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.headers())
        .containsEntry("content-type", "text/plain")
        .containsEntry("cache-control", "no-cache, max-age=0")
        .containsEntry("x-powered-by", "kuma-dp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/stats", "/ready/", "/config_dump", "/quitquitquit", "/%72eady"})
  void hasNothingElse(String uri) throws Exception {
    assertThat(RawClient.get(server.address(), uri).status()).isEqualTo(404);
  }

  @Test
  void takesGetAndHeadOnly() throws Exception {
    Answer post =
        RawClient.ask(
            server.address(), "POST /ready HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n");
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.header("allow")).isEqualTo("GET, HEAD");
    try (RawClient client = new RawClient(server.address())) {
      client.send("HEAD /ready HTTP/1.1\r\nhost: x\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(200);
    }
  }

  @Test
  void everyProbeSeesTheStateOfItsMoment() throws Exception {
    try (RawClient client = new RawClient(server.address())) {
      for (ProxyView.State state : ProxyView.State.values()) {
        proxy.state(state);
        client.send("GET /ready HTTP/1.1\r\nhost: x\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(state == ProxyView.State.LIVE ? 200 : 503);
      }
    }
  }

  @Test
  void probesGetThroughWhenSomebodyHoldsAllConnections() throws Exception {
    RawClient[] holders = new RawClient[HttpLimits.DEFAULT.maxConnections()];
    for (int i = 0; i < holders.length; i++) {
      holders[i] = new RawClient(server.address());
      holders[i].send("GET /rea");
    }
    assertThat(RawClient.get(server.address(), "/ready").status()).isEqualTo(200);
    for (RawClient holder : holders) {
      holder.close();
    }
  }

  @Test
  void anAddressInUseIsSaidClearly() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ReadinessServer second = new ReadinessServer(control.loop(), proxy::state)) {
      InetSocketAddress address =
          new InetSocketAddress(taken.getInetAddress(), taken.getLocalPort());

      assertThatThrownBy(() -> second.start(address))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "readiness port 127.0.0.1:" + address.getPort() + ": address in use by another")
          .hasMessageContaining("(expected: a free port, by --readiness-port;");
    }
  }
}
