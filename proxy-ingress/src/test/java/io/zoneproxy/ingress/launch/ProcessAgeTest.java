package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessAgeTest {
  private static final String STAT =
      "4242 (java) S 1 4242 1 0 -1 4194304 100 0 0 0 5 2 0 0 20 0 12 0 123456 999 88 1 1";

  @Test
  void isWhatLiesBetweenTheStartAndNow() {
    assertThat(ProcessAge.millis(STAT, "1235.31 4000.00\n")).isEqualTo(OptionalLong.of(750));
  }

  @Test
  void aNameWithBlanksAndParenthesesDoesNotShiftTheFields() {
    assertThat(ProcessAge.millis(STAT.replace("(java)", "(a ) (b) 7)"), "1234.57 1.00\n"))
        .isEqualTo(OptionalLong.of(10));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1.00 1.00",
    "4242 (java) S 1, 1.00 1.00",
    "4242 java S 1 2 3, 1.00 1.00",
    "1 (a) S 1 1 1 0 -1 1 1 0 0 0 5 2 0 0 20 0 12 0 soon 9, 1.00 1.00",
    "1 (a) S 1 1 1 0 -1 1 1 0 0 0 5 2 0 0 20 0 12 0 200 9, 1.00 1.00",
    "1 (a) S 1 1 1 0 -1 1 1 0 0 0 5 2 0 0 20 0 12 0 200 9, up",
    "1 (a) S 1 1 1 0 -1 1 1 0 0 0 5 2 0 0 20 0 12 0 200 9, ''",
  })
  void isLeftOutWhenItCannotBeRight(String stat, String uptime) {
    assertThat(ProcessAge.millis(stat, uptime)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void agreesWithTheJdksOwnFigureWithinItsError() {
    Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
    assertThat(ProcessAge.millis().orElseThrow())
        .isCloseTo(Duration.between(started, Instant.now()).toMillis(), within(2000L));
  }
}
