package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProtocolChoiceTest {
  private static final Duration FIVE = Duration.ofSeconds(5);

  private final ProtocolChoice choice = new ProtocolChoice(List.of(Protocol.values()));

  @Test
  void triesEachInTurnAndLessAndLessOften() {
    assertThat(choice.current()).isEqualTo(Protocol.DELTA);
    assertThat(choice.onSilence()).isTrue();
    assertThat(choice.current()).isEqualTo(Protocol.SOTW);
    assertThat(choice.patience(FIVE)).isEqualTo(FIVE);
    assertThat(choice.onSilence()).isTrue();
    assertThat(choice.current()).isEqualTo(Protocol.DELTA);
    assertThat(choice.patience(FIVE)).isEqualTo(FIVE.multipliedBy(2));
    for (int i = 0; i < 100; i++) {
      choice.onSilence();
    }
    assertThat(choice.patience(FIVE)).isEqualTo(Duration.ofMinutes(1));
    choice.onResponse();
    assertThat(choice.patience(FIVE)).isEqualTo(FIVE);
  }

  @Test
  void staysWithDeltaThatHasWorked() {
    choice.onResponse();
    assertThat(choice.onSilence()).isFalse();
    choice.onUnimplemented(); // another control plane, which is older
    assertThat(choice.current()).isEqualTo(Protocol.SOTW);
    choice.onResponse();
    assertThat(choice.onSilence()).isTrue(); // a newer one again, which knows no SotW
    assertThat(choice.current()).isEqualTo(Protocol.DELTA);
  }

  @Test
  void staysWithTheOnlyOne() {
    ProtocolChoice forced = new ProtocolChoice(List.of(Protocol.SOTW));
    assertThat(forced.onSilence()).isFalse();
    forced.onUnimplemented();
    assertThat(forced.current()).isEqualTo(Protocol.SOTW);
  }
}
