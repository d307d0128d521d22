package io.zoneproxy.core.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.resource.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FieldsTest {
  private final List<Problem> problems = new ArrayList<>();

  @Test
  void takesAbsentAndNullForTheSame() {
    for (String text : List.of("{other: x}", "{f: null}", "{f: ~}", "{f: }")) {
      Fields fields = fields(text);
      assertThat(fields.has("f")).isFalse();
      assertThat(fields.text("f")).isEmpty();
      assertThat(fields.flag("f", true)).isTrue();
      assertThat(fields.flag("f", false)).isFalse();
      assertThat(fields.number("f", 1, 9, 5)).isEqualTo(5);
      assertThat(fields.optionalPort("f")).isZero();
      assertThat(fields.portOrName("f")).isEmpty();
      assertThat(fields.choice("f", List.of("a"))).isEmpty();
      assertThat(fields.mapping("f")).isEmpty();
      assertThat(fields.mappings("f")).isEmpty();
      assertThat(fields.texts("f")).isEmpty();
      assertThat(fields.isEmptyMapping("f")).isFalse();
    }
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "'1'", "\"true\"", "!!str 12", "2001-01-01", "yes", "0x", "1.2.3"})
  void takesWhatIsNeitherNumberNorBooleanAsText(String value) {
    assertThat(fields("{f: " + value + "}").text("f")).isNotEmpty();
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "1.5", "true", "False", "0x10", "1e3", ".inf", "[a]", "{a: b}", "!x y"})
  void refusesTheRestAsText(String value) {
    assertThat(fields("{f: " + value + "}").text("f")).isEmpty();
    assertThat(problems).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "True, true", "TRUE, true", "false, false", "FALSE, false"})
  void readsFlags(String written, boolean flag) {
    assertThat(fields("{f: " + written + "}").flag("f", !flag)).isEqualTo(flag);
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "on", "1", "'true'", "[true]"})
  void refusesOtherFlags(String written) {
    assertThat(fields("{f: " + written + "}").flag("f", true)).isTrue();
    assertThat(problems).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "-7, -7", "2147483647, 2147483647"})
  void readsNumbers(String written, int number) {
    assertThat(fields("{f: " + written + "}").number("f", -7, Integer.MAX_VALUE, 1))
        .isEqualTo(number);
    assertThat(problems).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2147483648", "-8", "-", "+5", "007", "1_000", "999999999999999999999999", "5.0"})
  void refusesOtherNumbers(String written) {
    assertThat(fields("{f: " + written + "}").number("f", -7, Integer.MAX_VALUE, 1)).isEqualTo(1);
    assertThat(problems).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"80, 80", "web, web", "'''80''', 80", "0, ''", "70000, ''"})
  void readsAPortOrAName(String written, String target) {
    assertThat(fields("{f: " + written + "}").portOrName("f")).isEqualTo(target);
  }

  @Test
  void saysThePathAndLineOfWhatIsWithin() {
    Fields fields = fields("a:\n  - b:\n      c: [1]\n  - b: {c: [2]}\n");
    for (Fields item : fields.mappings("a")) {
      item.mapping("b").orElseThrow().text("c");
    }
    assertThat(problems)
        .extracting(problem -> problem.source().line() + " " + problem.field())
        .containsExactly("3 a[0].b.c", "4 a[1].b.c");
  }

  @Test
  void keepsTheFirstOfAFieldThatIsThereTwice() {
    Fields fields = fields("{f: a, f: b}");
    assertThat(fields.text("f")).isEqualTo("a");
    assertThat(problems).extracting(Problem::field).containsExactly("f");
  }

  @Test
  void mergesWithWhatIsWrittenBesideFirst() {
    Fields fields = fields("{<<: [{a: m, b: m}, {b: n, c: n, <<: {d: o, a: o}}], a: own}");
    assertThat(List.of(fields.text("a"), fields.text("b"), fields.text("c"), fields.text("d")))
        .containsExactly("own", "m", "n", "o");
    assertThat(fields.has("<<")).isFalse();
    assertThat(problems).isEmpty();
  }

  @Test
  void refusesToMergeWhatIsNoMapping() {
    fields("{<<: text}");
    assertThat(problems).extracting(Problem::message).containsExactly("text (expected: a mapping)");
  }

  @Test
  void readsTextsInTheirOrderAndReportsThoseThatAreNone() {
    assertThat(fields("{f: {z: a, b: 1, a: c}}").texts("f"))
        .containsExactly(Map.entry("z", "a"), Map.entry("b", ""), Map.entry("a", "c"));
    assertThat(problems).extracting(Problem::field).containsExactly("f[\"b\"]");
  }

  @Test
  void warnsOfUnknownFieldsOnly() {
    fields("{port: 1, prot: 2}").known(List.of("port"));
    assertThat(problems)
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.severity()).isEqualTo(Problem.Severity.WARNING);
              assertThat(problem.field()).isEqualTo("prot");
              assertThat(problem.message()).endsWith("did you mean port?");
            });
  }

  private Fields fields(String text) {
    YamlDocument document = new YamlDocuments("f", text, problems).next().orElseThrow();
    ProblemLog log = new ProblemLog("f", document.number(), problems);
    return Fields.of(document.root(), "", log).orElseThrow();
  }
}
