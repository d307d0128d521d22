package io.zoneproxy.core.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.relay.TestUpstream;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that begin and do not go on. */
final class SlowClientTest {
  private static final Optional<Duration> SHORT = Optional.of(Duration.ofMillis(100));

  private final HttpProxyFixture proxy = new HttpProxyFixture();

  @AfterEach
  void stop() {
    proxy.close();
  }

  private static TestUpstream reading() throws Exception {
    return new TestUpstream(socket -> socket.getInputStream().readAllBytes());
  }

  @Test
  void aHeadThatDoesNotEndIsNotWaitedFor() throws Exception {
    proxy.timeouts = new HttpTimeouts(Optional.empty(), SHORT, Optional.empty(), Optional.empty());
    try (TestUpstream upstream = reading();
        RawClient client = new RawClient(proxy.serve(upstream.address()))) {
      client.send("GET / HTTP/1.1\r\nhost: x\r\nx-slow: ");
      assertThat(client.isClosed()).isTrue();
      assertThat(upstream.connections).hasValue(0);
    }
  }

  @Test
  void aBodyThatDoesNotEndIsNotWaitedFor() throws Exception {
    proxy.timeouts = new HttpTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), SHORT);
    try (TestUpstream upstream = reading();
        RawClient client = new RawClient(proxy.serve(upstream.address()))) {
      client.send("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nab");
      assertThat(client.answer().status()).isEqualTo(408);
      assertThat(proxy.record().end()).isEqualTo(RequestEnd.REQUEST_TIMEOUT);
      assertThat(client.isClosed()).isTrue();
    }
  }

  @Test
  void aRequestOnWhichNothingMovesEnds() throws Exception {
    proxy.timeouts = new HttpTimeouts(Optional.empty(), Optional.empty(), SHORT, Optional.empty());
    try (TestUpstream upstream = reading();
        RawClient client = new RawClient(proxy.serve(upstream.address()))) {
      client.send("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nab");
      assertThat(client.answer().status()).isEqualTo(408);
      assertThat(proxy.record().end()).isEqualTo(RequestEnd.IDLE);
    }
  }

  @Test
  void aConnectionWithoutARequestEnds() throws Exception {
    proxy.timeouts = new HttpTimeouts(SHORT, Optional.empty(), Optional.empty(), Optional.empty());
    try (TestUpstream upstream = reading();
        RawClient client = new RawClient(proxy.serve(upstream.address()))) {
      assertThat(client.isClosed()).isTrue();
    }
  }
}
