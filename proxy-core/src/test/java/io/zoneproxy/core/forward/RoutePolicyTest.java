package io.zoneproxy.core.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.relay.TestUpstream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What routes and clusters say of a request's time and of where its like go. */
final class RoutePolicyTest {
  private final HttpProxyFixture proxy = new HttpProxyFixture();

  @AfterEach
  void stop() {
    proxy.close();
  }

  @Test
  void aStreamThatLastsLongerThanItsClusterAllowsIsEnded() throws Exception {
    proxy.upstream =
        new HttpUpstream(
            HttpUpstream.Version.HTTP_1_1,
            Optional.empty(),
            Optional.empty(),
            Optional.of(Duration.ofMillis(50)));
    try (TestUpstream upstream =
        new TestUpstream(socket -> socket.getInputStream().readAllBytes())) {
      Answer answer = RawClient.get(proxy.serve(upstream.address()), "/");
      assertThat(answer.status()).isEqualTo(504);
      assertThat(answer.body()).isEqualTo("upstream max stream duration reached");
      assertThat(proxy.record().end()).isEqualTo(RequestEnd.STREAM_DURATION);
    }
  }

  @Test
  void aCookieThatIsMissingIsMadeAndOneThatIsThereIsNot() throws Exception {
    proxy.hash =
        List.of(
            new HashPolicy(
                new HashPolicy.Cookie("sticky", Optional.of(Duration.ofSeconds(60)), "/a"), false));
    try (TestUpstream upstream =
        new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("x")))) {
      InetSocketAddress address = proxy.serve(upstream.address());
      String made = RawClient.get(address, "/").header("set-cookie");
      assertThat(made).startsWith("sticky=").contains("Max-Age=60;", "Path=/a", "HTTPOnly");
      String cookie = made.substring(0, made.indexOf(';'));
      Answer next =
          RawClient.ask(address, "GET / HTTP/1.1\r\nhost: x\r\ncookie: " + cookie + "\r\n\r\n");
      assertThat(next.header("set-cookie")).isEmpty();
    }
  }

  @Test
  void theEndpointWithTheFewestRequestsIsNext() throws Exception {
    proxy.balancing = new Balancing.LeastRequest(100, 1); // so many that both are looked at
    List<RawClient> clients = new ArrayList<>();
    try (TestUpstream one = new TestUpstream(socket -> socket.getInputStream().readAllBytes());
        TestUpstream other = new TestUpstream(socket -> socket.getInputStream().readAllBytes())) {
      InetSocketAddress address = proxy.serve(one.address(), other.address());
      for (int i = 1; i <= 6; i++) {
        RawClient client = new RawClient(address);
        clients.add(client);
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
        int begun = i;
        await().until(() -> one.connections.get() + other.connections.get() == begun);
      }
      assertThat(one.connections).hasValue(3);
      assertThat(other.connections).hasValue(3);
      for (RawClient client : clients) {
        client.close();
      }
    }
  }
}
