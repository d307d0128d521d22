package io.zoneproxy.bench.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SettingsTest {
  @Test
  void hasTheSizesThatAreReportedAsDefaults() {
    Settings settings = Settings.parse(List.of());
    assertThat(settings.services()).isEqualTo(100_000);
    assertThat(settings.besides()).isEqualTo(10_000);
    assertThat(settings.rounds()).isEqualTo(3);
    assertThat(settings.seconds()).isEqualTo(60);
    assertThat(settings.connections()).isEqualTo(5_000);
  }

  @Test
  void takesEachFlag() {
    List<String> args =
        List.of(
            "--services=1",
            "--besides=2",
            "--rounds=3",
            "--seconds=4",
            "--connections=5",
            "--java-opts=-Xmx1g -Da=b");
    assertThat(Settings.parse(args)).isEqualTo(new Settings(1, 2, 3, 4, 5, "-Xmx1g -Da=b"));
  }

  @Test
  void saysWhatItExpects() {
    assertThatThrownBy(() -> Settings.parse(List.of("--speed=9")))
        .hasMessageStartingWith("--speed=9 (expected: --services=N");
    assertThatThrownBy(() -> Settings.parse(List.of("--rounds=many")))
        .hasMessage("--rounds=many (expected: a number, 0 or more)");
    assertThatThrownBy(() -> Settings.parse(List.of("push")))
        .hasMessageStartingWith("push (expected");
  }
}
