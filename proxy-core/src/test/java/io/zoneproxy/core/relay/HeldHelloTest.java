package io.zoneproxy.core.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class HeldHelloTest {
  private static ByteBuf bytes(int count) {
    return Unpooled.buffer(count).writeZero(count);
  }

  @Test
  void countsEachByteOnceHoweverOftenItIsSent() {
    HeldHello hello = new HeldHello(bytes(100), 100);
    assertThat(hello.uncounted()).isEqualTo(100);
    assertThat(hello.uncounted()).isZero();
    hello.append(bytes(20)); // while another endpoint is dialed
    assertThat(hello.uncounted()).isEqualTo(20);
    assertThat(hello.uncounted()).isZero();
    hello.release();
  }

  @Test
  void isSentToAnotherEndpointOnlyWithoutEarlyData() {
    HeldHello hello = new HeldHello(bytes(100), 100);
    assertThat(hello.isOnlyHello()).isTrue();
    hello.append(bytes(1));
    assertThat(hello.isOnlyHello()).isFalse();
    hello.release();
  }
}
