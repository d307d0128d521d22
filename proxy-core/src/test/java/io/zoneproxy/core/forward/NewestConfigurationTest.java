package io.zoneproxy.core.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.http.RawClient.Answer;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.relay.TestUpstream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are kept while the configuration of their chain changes. */
class NewestConfigurationTest {
  private static final List<HttpFilter> OPEN = List.of(new HttpFilter.Router());
  private static final List<HttpFilter> CLOSED =
      List.of(
          new HttpFilter.Rbac(
              new RbacSpec(
                  Optional.of(new RbacSpec.Rules(RbacSpec.Action.ALLOW, List.of())),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty())),
          new HttpFilter.Router());

  private final HttpProxyFixture proxy = new HttpProxyFixture();
  private final HttpProxyFixture front = new HttpProxyFixture();

  @AfterEach
  void stop() {
    front.close();
    proxy.close();
  }

  private static TestUpstream echo() throws Exception {
    return new TestUpstream(HttpUpstreams.answering(request -> HttpUpstreams.ok("hello")));
  }

  private InetSocketAddress serve(TestUpstream upstream, List<HttpFilter> filters)
      throws Exception {
    proxy.filters = filters;
    return proxy.serve(upstream.address());
  }

  private static Answer get(RawClient client) throws Exception {
    client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    return client.answer();
  }

  @Test
  void aRightTakenBackHoldsForTheNextRequestOfAKeptConnection() throws Exception {
    try (TestUpstream upstream = echo();
        RawClient client = new RawClient(serve(upstream, OPEN))) {
      assertThat(get(client).status()).isEqualTo(200);
      serve(upstream, CLOSED);
      assertThat(get(client).status()).isEqualTo(403);
      serve(upstream, OPEN);
      Answer again = get(client);
      assertThat(again.status()).isEqualTo(200);
      assertThat(again.header("connection")).isNotEqualTo("close");
    }
  }

  @Test
  void overHttp2TooAndTheConnectionStays() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = inFront(serve(upstream, OPEN));
      assertThat(RawClient.get(address, "/").status()).isEqualTo(200);
      serve(upstream, CLOSED);
      assertThat(RawClient.get(address, "/").status()).isEqualTo(403);
      serve(upstream, OPEN);
      assertThat(RawClient.get(address, "/").status()).isEqualTo(200);
      assertThat(proxy.accepted()).isEqualTo(1);
    }
  }

  private InetSocketAddress inFront(InetSocketAddress of) throws Exception {
    front.upstream =
        new HttpUpstream(
            HttpUpstream.Version.HTTP_2, Optional.empty(), Optional.empty(), Optional.empty());
    return front.serve(new HostPort("127.0.0.1", of.getPort()));
  }

  @Test
  void aConnectionWhoseServiceIsGoneEndsWithItsNextAnswer() throws Exception {
    try (TestUpstream upstream = echo();
        RawClient client = new RawClient(serve(upstream, OPEN))) {
      assertThat(get(client).status()).isEqualTo(200);
      proxy.remove();
      assertThat(get(client).header("connection")).isEqualTo("close");
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void overHttp2ItIsToldToGo() throws Exception {
    try (TestUpstream upstream = echo()) {
      InetSocketAddress address = inFront(serve(upstream, OPEN));
      assertThat(RawClient.get(address, "/").status()).isEqualTo(200);
      proxy.remove();
      RawClient.get(address, "/");
      await().until(() -> proxy.openConnections() == 0);
    }
  }
}
