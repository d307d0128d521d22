package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.ingress.flags.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each command says of itself. */
class HelpTest {
  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void theProgramListsItsFlagsAndCommands(String flag) {
    Outcome outcome = Outcome.of(flag);
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .startsWith("Usage: ingress ")
        .contains(
            "Commands:",
            "validate",
            "explain",
            "version",
            "wait",
            "completion",
            "docs/configuration.md")
        .contains(Variables.all().keySet())
        .doesNotContain("train");
  }

  @Test
  void runIsTheProgramItself() {
    assertThat(Outcome.of("run", "--help")).isEqualTo(Outcome.of("--help"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"validate", "explain", "version", "wait", "completion"})
  void eachCommandExplainsItself(String command) {
    Outcome outcome = Outcome.of(command, "--help");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).startsWith("Usage: ingress " + command);
  }

  @Test
  void theVersionIsOneLine() {
    Outcome outcome = Outcome.of("version");
    assertThat(outcome).isEqualTo(new Outcome(0, "zoneproxy: unknown\n", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-a", "--detailed"})
  void theDetailedVersionSaysWhatItRunsOn(String flag) {
    Outcome outcome = Outcome.of("version", flag);
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out().lines())
        .hasSize(4)
        .startsWith("zoneproxy: unknown")
        .anyMatch(line -> line.startsWith("Netty:     4."))
        .anyMatch(line -> line.startsWith("Java:      "))
        .anyMatch(line -> line.startsWith("System:    "));
  }

  @Test
  void aFlagOfAnotherCommandIsRefused() {
    Outcome outcome = Outcome.of("validate", "--drain-time=1s");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualTo("ingress: unknown: --drain-time (expected: what validate --help lists)\n");
  }
}
