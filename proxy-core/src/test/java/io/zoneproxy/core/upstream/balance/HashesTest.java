package io.zoneproxy.core.upstream.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.balance.HashPolicy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HashesTest {
  private static final HashPolicy SOURCE = new HashPolicy(new HashPolicy.SourceAddress(), false);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The first four are published with the reference implementation. */
  @ParameterizedTest
  @CsvSource({
    "'', ef46db3751d8e999",
    "a, d24ec4f1a98c6e5b",
    "abc, 44bc2cf5ad770999",
    "Nobody inspects the spammish repetition, fbcea83c8a378bf1"
  })
  void computesXxHash(String text, String expected) {
    assertThat(Long.toHexString(XxHash64.hash(bytes(text), 0))).isEqualTo(expected);
  }

  /** What {@code std::hash<std::string>} of the GNU C++ library gives on 64 bits. */
  @ParameterizedTest
  @CsvSource({
    "'', 553e93901e462a6e",
    "a, 454ddee488c1ed6b",
    "10.0.0.1:80_0, bd8f6461ecffb28c",
    "Nobody inspects the spammish repetition, c3b23f5033ade0d1",
    "12345678, 8c5b90a33a04dca5"
  })
  void computesMurmurHashAsTheGnuLibraryDoes(String text, String expected) {
    assertThat(String.format("%016x", MurmurHash2.hash(bytes(text), MurmurHash2.SEED)))
        .isEqualTo(expected);
  }

  @Test
  void takesTheSourceAddressWithoutItsPort() {
    long hash = ConnectionHash.of(List.of(SOURCE), new InetSocketAddress("10.1.2.3", 4000));
    assertThat(hash)
        .isEqualTo(ConnectionHash.of(List.of(SOURCE), new InetSocketAddress("10.1.2.3", 5000)))
        .isEqualTo(XxHash64.hash(bytes("10.1.2.3"), 0))
        .isNotEqualTo(ConnectionHash.of(List.of(SOURCE), new InetSocketAddress("10.1.2.4", 4000)));
    assertThat(ConnectionHash.of(List.of(SOURCE), new InetSocketAddress("2001:DB8:0::7", 1)))
        .isEqualTo(XxHash64.hash(bytes("2001:db8::7"), 0));
  }

  @Test
  void hasNoHashWhenNobodyWantsTheSource() {
    InetSocketAddress from = new InetSocketAddress("10.1.2.3", 4000);
    HashPolicy cookie = new HashPolicy(new HashPolicy.Cookie("c", Optional.empty(), "/"), true);
    assertThat(ConnectionHash.of(List.of(), from)).isEqualTo(ConnectionHash.NONE);
    assertThat(ConnectionHash.of(List.of(cookie), from)).isEqualTo(ConnectionHash.NONE);
    assertThat(ConnectionHash.of(List.of(cookie, SOURCE), from)).isNotEqualTo(ConnectionHash.NONE);
    assertThat(ConnectionHash.of(List.of(SOURCE), null)).isEqualTo(ConnectionHash.NONE);
  }
}
