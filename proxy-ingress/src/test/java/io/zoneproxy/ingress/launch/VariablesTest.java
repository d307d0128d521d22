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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Flags and variables, by the model that picocli has of {@code run}. */
class VariablesTest {
  private static final String OWN_RESOURCE = "--dataplane-file";

  static CommandLine command() {
    CommandLine line =
        new CommandLine(
            new RunCommand(
                new Roles("ingress", List.of()), Map.of(), InputStream.nullInputStream()));
    return line.setOverwrittenOptionsAllowed(true);
  }

  static Stream<String> flags() {
    return Variables.all().keySet().stream().filter(flag -> !flag.equals(OWN_RESOURCE));
  }

  private static boolean isNumber(String flag) {
    return List.of(int.class, Duration.class).contains(option(flag).type());
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
    String one = option(flag).type() == Duration.class ? "11s" : "11";
    String two = option(flag).type() == Duration.class ? "22s" : "22";
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
  void theNumbersAreThoseOfTheModel() {
    assertThat(flags().filter(VariablesTest::isNumber))
        .containsExactlyInAnyOrderElementsOf(Variables.numbers());
  }

  @Test
  void everyFlagHasAVariableButHelpAndTemplateVariables() {
    assertThat(command().getCommandSpec().options())
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
    assertThat(Variables.ownResources(environment, List.of("c"))).containsExactly("a", "b");
    assertThat(Variables.ownResources(Map.of(), List.of("c"))).containsExactly("c");
    assertThat(
            Variables.ownResources(
                Map.of("KUMA_DATAPLANE_RUNTIME_RESOURCE_PATH", ""), List.of("c")))
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
