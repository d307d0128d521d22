package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.ingress.flags.Roles;
import io.zoneproxy.ingress.flags.Variables;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Flags and variables, by the model that picocli has of {@code run}. */
class VariablesTest {
  private static final Map<Class<?>, List<String>> VALUES =
      Map.of(Duration.class, List.of("11s", "22s"), boolean.class, List.of("false", "true"));

  static CommandLine command() {
    CommandLine line =
        new RunCommand(
                new Roles("ingress", List.of()),
                Map.of(),
                InputStream.nullInputStream(),
                Optional.empty())
            .line();
    return line.setOverwrittenOptionsAllowed(true);
  }

  static Stream<String> flags() {
    return Variables.all().keySet().stream().filter(flag -> !Variables.lists().contains(flag));
  }

  private static boolean isNumber(String flag) {
    return List.of(int.class, Duration.class, boolean.class).contains(option(flag).type());
  }

  private static OptionSpec option(String flag) {
    return Objects.requireNonNull(command().getCommandSpec().findOption(flag), flag);
  }

  private static Object parsed(String flag, Map<String, String> environment, String given) {
    CommandLine line = command();
    List<String> args = new ArrayList<>(List.of(flag + "=" + given));
    args.addAll(Variables.asFlags(environment));
    line.parseArgs(args.toArray(new String[0]));
    return Objects.requireNonNull(line.getCommandSpec().findOption(flag)).getValue();
  }

  @ParameterizedTest
  @MethodSource("flags")
  void aVariableWinsOverItsFlag(String flag) {
    String variable = Objects.requireNonNull(Variables.all().get(flag));
    List<String> values = VALUES.getOrDefault(option(flag).type(), List.of("11", "22"));
    String one = values.get(0);
    String two = values.get(1);
    Object expected = parsed(flag, Map.of(), two);
    assertThat(parsed(flag, Map.of(variable, two), one)).isEqualTo(expected);
    assertThat(parsed(flag, Map.of(), one)).isNotEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("flags")
  void anEmptyTextIsNotSetAndAnEmptyNumberIsPassedOnToFail(String flag) {
    String variable = Objects.requireNonNull(Variables.all().get(flag));
    assertThat(Variables.asFlags(Map.of(variable, "")))
        .isEqualTo(isNumber(flag) ? List.of(flag + "=") : List.of());
  }

  @Test
  void theNumbersAndSwitchesAreThoseOfTheModel() {
    assertThat(flags().filter(VariablesTest::isNumber))
        .containsExactlyInAnyOrderElementsOf(Variables.numbers());
  }

  @Test
  void everyFlagHasAVariableButHelpAndTemplateVariables() {
    assertThat(command().getCommandSpec().options().stream().filter(option -> !option.hidden()))
        .extracting(OptionSpec::longestName)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Variables.all().keySet().stream(), Stream.of("--help", "--dataplane-var"))
                .toList());
  }

  @Test
  void noVariableIsTwoFlags() {
    assertThat(Variables.all().values()).doesNotHaveDuplicates();
  }

  @Test
  void theOwnResourcesOfTheVariableReplaceThoseOfFlags() {
    Map<String, String> environment = Map.of("KUMA_DATAPLANE_RUNTIME_RESOURCE_PATH", "a,b");
    assertThat(Variables.files(environment, List.of("c"))).containsExactly("a", "b");
    assertThat(Variables.files(Map.of(), List.of("c"))).containsExactly("c");
    assertThat(Variables.files(Map.of("KUMA_DATAPLANE_RUNTIME_RESOURCE_PATH", ""), List.of("c")))
        .containsExactly("c");
    assertThat(Variables.asFlags(environment)).isEmpty();
  }

  @Test
  void blamesTheVariableThatSetAFlag() {
    Map<String, String> environment = Map.of("KUMA_READINESS_PORT", "0");
    assertThat(Variables.blame(environment, "--readiness-port=0 (expected: more)"))
        .isEqualTo("--readiness-port=0 (expected: more) [set by KUMA_READINESS_PORT]");
    assertThat(Variables.blame(environment, "--drain-time=0s")).isEqualTo("--drain-time=0s");
    assertThat(Variables.blame(environment, "no flag")).isEqualTo("no flag");
  }
}
