package io.zoneproxy.ingress.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
  private final DurationConverter converter = new DurationConverter();

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0s, PT0S",
    "30s, PT30S",
    "500ms, PT0.5S",
    "1h30m, PT1H30M",
    "1.5h, PT1H30M",
    "250us, PT0.00025S",
    "250µs, PT0.00025S",
    "7ns, PT0.000000007S",
    "87600h, PT87600H",
  })
  void readsGosNotation(String text, Duration duration) {
    assertThat(converter.convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-1s", "+1s", "1 s", "1s ", "1d", "1S", ".5s", "1h,5m", "1e3s"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage("'" + text + "' is not a duration (expected: for example 30s, 500ms or 1h30m)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"87600h1ns", "99999999999999999999h", "9223372036854775808ns"})
  void refusesWhatIsTooLong(String text) {
    assertThatThrownBy(() -> converter.convert(text))
        .hasMessage("'" + text + "' is too long (expected: at most 87600h)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "30s", "500ms", "90m", "2h", "7ns", "250us", "61s"})
  void writesWhatItReads(String text) {
    assertThat(DurationConverter.text(converter.convert(text))).isEqualTo(text);
  }
}
