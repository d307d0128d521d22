package io.zoneproxy.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DataplaneTemplateTest {
  private static final Map<String, String> VARIABLES =
      Map.of("name", "zp-1", "net.address", "10.0.0.1", "net.port", "1", "html", "<a & 'b'>");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: {{ name }} | name: zp-1",
        "{{name}}{{{name}}}{{&name}} | zp-1zp-1zp-1",
        "{{ net.address }}:{{ net.port }} | 10.0.0.1:1",
        "{{#net}}{{address}}{{/net}} | 10.0.0.1",
        "{{#name}}yes{{/name}}{{^name}}no{{/name}} | yes",
        "{{#unknown}}yes{{/unknown}}{{^unknown}}no{{/unknown}} | no",
        "[{{ unknown }}] | []",
        "[{{ net.unknown }}] | []",
        "[{{ unknown.to.all }}] | []",
        "[{{ name.length }}] | []",
        "[{{ name.class.name }}] | []",
        "{{! a comment }}x | x",
        "{{ html }} | <a & 'b'>",
        "no variable | no variable"
      })
  void putsVariablesIn(String template, String text) {
    assertThat(DataplaneTemplate.render(template, VARIABLES)).isEqualTo(text);
  }

  @Test
  void keepsTheLinesWhereTheyAre() {
    assertThat(DataplaneTemplate.render("a: {{ name }}\n\nb: {{ unknown }}\n", VARIABLES))
        .isEqualTo("a: zp-1\n\nb: \n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{#open}}", "{{/close}}", "{{#a}}{{/b}}", "{{> partial}}", "a {{}} b"})
  void refusesWhatIsNoTemplate(String template) {
    assertThatThrownBy(() -> DataplaneTemplate.render(template, VARIABLES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("is no mustache template: ");
  }

  @Test
  void refusesAVariableWithinOneThatHasAValue() {
    assertThatThrownBy(() -> DataplaneTemplate.render("x", Map.of("a.b", "1", "a", "2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("variable a.b (expected: no value for a part of its name, which has one)");
  }
}
