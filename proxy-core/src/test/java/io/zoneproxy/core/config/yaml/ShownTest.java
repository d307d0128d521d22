package io.zoneproxy.core.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShownTest {
  @Test
  void showsOrdinaryTextAsItIs() {
    String text = "backend{mesh=default,version=v1} größe";
    assertThat(Shown.text(text)).isEqualTo(text);
  }

  @Test
  void putsEverythingOnOneLineWithoutControls() {
    assertThat(Shown.text("a\nb\r\t\u001b[0m\u0085\u007f"))
        .isEqualTo("a b\\x0D\\x09\\x1B[0m\\x85\\x7F");
  }

  @Test
  void cutsWhatIsLong() {
    assertThat(Shown.text("x".repeat(120))).hasSize(120).doesNotContain("…");
    assertThat(Shown.text("x".repeat(121))).hasSize(121).endsWith("x…");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\t\"a\":\t\"b\tc\"}', '{ \"a\": \"b\tc\"}'",
    "'\n [\t1]', '\n [ 1]'",
    "'{\"a\\\"\t\":\t1}', '{\"a\\\"\t\": 1}'",
    "'{\"a\\\\\":\t1}', '{\"a\\\\\": 1}'"
  })
  void replacesTabsOfJsonOutsideQuotes(String json, String spaced) {
    assertThat(JsonTabs.toSpaces(json)).isEqualTo(spaced);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\t", "a:\tb", "- {\tx}", "# {\n{\tx}", "{no: tab}"})
  void leavesOtherTextAlone(String text) {
    assertThat(JsonTabs.toSpaces(text)).isSameAs(text);
  }
}
