package io.zoneproxy.core.config.kuma;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.yaml.Nearest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "a-b", "0", "backend-1.ns.svc", "a.b.c"})
  void knowsASubdomain(String name) {
    assertThat(Names.isSubdomain(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "A", "a_b", "-a", "a-", "a.-b", "ä", "a b"})
  void knowsWhatIsNoSubdomain(String name) {
    assertThat(Names.isSubdomain(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A.b", "a_b.c", "xn--a.example.", "1.a", "a-.b"})
  void knowsAHost(String name) {
    assertThat(Names.isHost(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a..b", "-a", "a/b", "1.2.3", "10.0.0.256", "a.1", "ä.b"})
  void knowsWhatIsNoHost(String name) {
    assertThat(Names.isHost(name)).isFalse();
  }

  @Test
  void boundsTheLengthOfAHostAndItsLabels() {
    assertThat(Names.isHost("a".repeat(63) + ".b")).isTrue();
    assertThat(Names.isHost("a".repeat(64) + ".b")).isFalse();
    assertThat(Names.isHost("a.".repeat(126) + "b")).isTrue();
    assertThat(Names.isHost("a.".repeat(127) + "b")).isFalse();
  }

  @Test
  void findsTheWordThatWasMeant() {
    List<String> words = List.of("address", "advertisedAddress", "port");
    assertThat(Nearest.of("adress", words)).contains("address");
    assertThat(Nearest.of("Port", words)).contains("port");
    assertThat(Nearest.of("advertizedAdress", words)).contains("advertisedAddress");
    assertThat(Nearest.of("something", words)).isEmpty();
    assertThat(Nearest.of("", words)).isEmpty();
    assertThat(Nearest.of("p".repeat(1_000_000), words)).isEmpty();
  }
}
