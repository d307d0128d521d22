package io.zoneproxy.core.config.kuma;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.yaml.ProblemLog;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlBoundsTest {
  /** Far longer than any of them needs, far shorter than an expansion would take. */
  private static final Duration SOON = Duration.ofSeconds(30);

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "[{a: ", "[a, [b, "})
  void refusesWhatIsNestedTooDeepWithoutRunningOutOfStack(String opening) {
    assertThat(refusal(opening.repeat(100_000)))
        .isEqualTo("f.yaml:1 (document 1): nested too deep (expected: at most 50 levels)");
  }

  @Test
  void takesWhatIsNestedAsDeepAsAllowed() {
    String conf = "[".repeat(49) + "]".repeat(49);
    assertThat(Reading.folder("{type: TrafficRoute, data: " + conf + "}").problems()).isEmpty();
    assertThat(refusal("{type: TrafficRoute, data: [" + conf + "]}")).contains("nested too deep");
  }

  @Test
  void refusesABillionLaughs() {
    StringBuilder text = new StringBuilder("a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n");
    for (int i = 1; i < 20; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
    }
    assertThat(refusal(text.toString())).contains("aliases for non-scalar nodes");
  }

  @Test
  void refusesABillionLaughsOfMerges() {
    StringBuilder text = new StringBuilder("a0: &a0 {x: y}\n");
    for (int i = 1; i < 40; i++) {
      text.append("a%d: &a%d {<<: [*a%d, *a%d]}\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(refusal(text.toString())).contains("aliases for non-scalar nodes");
  }

  @Test
  void mergesManyMappingsInTimeThatDoesNotGrowWithTheirSquare() {
    StringBuilder text = new StringBuilder("type: Zone\nname: z\nlabels:\n  <<:\n");
    for (int i = 0; i < 50_000; i++) {
      text.append("  - {l%d: v}\n".formatted(i));
    }
    ReadFile file =
        Assertions.assertTimeoutPreemptively(SOON, () -> Reading.folder(text.toString()));
    assertThat(file.problems()).isEmpty();
    assertThat(file.resources().get(0).meta().labels()).hasSize(50_000);
  }

  @Test
  void readsManyAliasesOfAScalarWithoutCopyingIt() {
    String text =
        "type: TrafficRoute\nbig: &b "
            + "x".repeat(100_000)
            + "\nall: ["
            + "*b ,".repeat(100_000)
            + "]";
    ReadFile file = Assertions.assertTimeoutPreemptively(SOON, () -> Reading.folder(text));
    assertThat(file.problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "&a [*a]",
        "&a {b: *a}",
        "a: &a {b: {c: [*a]}}",
        "&a {? *a : b}",
        "&a {<<: *a}",
        "? - &a {<<: *a}"
      })
  void refusesAnAnchorThatHoldsItself(String text) {
    assertThat(refusal(text)).contains("(document 1): ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a: b: c' | 1 | mapping values are not allowed here",
        "'type: Zone\nname: [x' | 2 | is not YAML",
        "'type: Zone\nname: *nowhere' | 2 | undefined alias nowhere",
        "'type: Zone\n\tname: x' | 2 | is not YAML",
        "'type: Zone\nname: {!!merge x: y}' | 2 | the tag !!merge",
        "'type: Zone\nname: \"x' | 2 | unexpected end of stream",
        "'type: Zone\nname: \"\\UFFFFFFFF\"' | 2 | is not YAML",
        "'type: Zone\n\nname: x\u0007' | 3 | is not text: U+0007"
      })
  void saysInWhichLineATextIsNoYaml(String text, int line, String message) {
    assertThat(refusal(text)).startsWith("f.yaml:" + line + " (document 1): ").contains(message);
  }

  @Test
  void takesTheDocumentsBeforeAMistakeAndRefusesTheRest() {
    ReadFile file = Reading.folder("type: Zone\nname: a\n---\n[\n---\ntype: Zone\nname: b\n");
    assertThat(file.resources()).extracting(r -> r.meta().name()).containsExactly("a");
    assertThat(Reading.problems(file)).singleElement().asString().contains("(document 2)");
  }

  @Test
  void endsAListOfProblemsThatNobodyWouldRead() {
    ReadFile file = Reading.folder("- x\n---\n".repeat(5000));
    assertThat(file.problems()).hasSize(ProblemLog.MAX_PROBLEMS + 1);
    assertThat(file.problems().get(ProblemLog.MAX_PROBLEMS).message()).startsWith("more than 1000");
  }

  private static String refusal(String text) {
    ReadFile file = Assertions.assertTimeoutPreemptively(SOON, () -> Reading.folder(text));
    assertThat(file.resources()).isEmpty();
    assertThat(file.problems()).hasSize(1);
    assertThat(file.hasErrors()).isTrue();
    return Reading.problems(file).get(0);
  }
}
