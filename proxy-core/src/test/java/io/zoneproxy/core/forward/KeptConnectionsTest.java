package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.http.RawClient;
import io.zoneproxy.core.relay.TestUpstream;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An upstream may end a connection that is kept, and no request suffers that could be repeated. */
class KeptConnectionsTest {
  private static final String GET = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

  private final HttpProxyFixture proxy = new HttpProxyFixture();

  @AfterEach
  void stop() {
    proxy.close();
  }

  @Test
  void aRequestThatLostAKeptConnectionIsNotRepeatedOnAnotherKeptOne() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    TestUpstream.Behaviour once =
        socket -> {
          HttpUpstreams.read(socket.getInputStream());
          both.countDown();
          await(both);
          socket.getOutputStream().write(HttpUpstreams.ok("x").getBytes(US_ASCII));
          HttpUpstreams.read(socket.getInputStream()); // its second request gets no answer
        };
    try (TestUpstream upstream = new TestUpstream(once)) {
      InetSocketAddress address = proxy.serve(upstream.address());
      try (RawClient one = new RawClient(address);
          RawClient other = new RawClient(address)) {
        one.send(GET);
        other.send(GET);
        assertThat(one.answer().status()).isEqualTo(200);
        assertThat(other.answer().status()).isEqualTo(200);
        one.send(GET);
        assertThat(one.answer().status()).isEqualTo(200);
      }
      assertThat(upstream.connections).hasValue(3);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
