package io.zoneproxy.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ListenerStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses lead back to the proxy. */
final class OwnAddressesTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 10002, true",
    "127.0.0.1, 127.0.0.1, 10003, false",
    "127.0.0.1, 192.0.2.1, 10002, false",
    "127.0.0.1, 0.0.0.0, 10002, true",
    "192.0.2.1, 0.0.0.0, 10002, false",
    "192.0.2.1, 192.0.2.1, 10002, true",
    "0.0.0.0, 127.0.0.9, 10002, true",
    "0.0.0.0, 0.0.0.0, 10002, true",
    "0.0.0.0, 192.0.2.1, 10002, false",
    "::, ::, 10002, true",
  })
  void areThoseThatAListenerTakes(String listening, String dialed, int port, boolean own)
      throws UnknownHostException {
    ListenerStatus listener =
        new ListenerStatus(
            "l", new InetSocketAddress(address(listening), 10002), new ListenerStats(""));
    assertThat(new OwnAddresses(() -> List.of(listener)).test(address(dialed), port))
        .isEqualTo(own);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 9901, true",
    "127.0.0.1, 127.0.0.1, 9902, false",
    "127.0.0.1, 127.0.0.2, 9901, false",
    "127.0.0.1, 0.0.0.0, 9901, true",
    "0.0.0.0, 127.0.0.1, 9901, true",
  })
  void areThoseOfItsOtherPortsToo(String bound, String dialed, int port, boolean own)
      throws UnknownHostException {
    OwnAddresses addresses = new OwnAddresses(List::of);
    assertThat(addresses.test(address(dialed), port)).isFalse();

    addresses.add(new InetSocketAddress(address(bound), 9901));

    assertThat(addresses.test(address(dialed), port)).isEqualTo(own);
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(text));
  }
}
