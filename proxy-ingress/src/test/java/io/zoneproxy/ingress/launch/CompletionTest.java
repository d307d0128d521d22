package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that complete command lines. */
class CompletionTest {
  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void knowsFlagsAndCommandsOfTheProgramAndNoHiddenOnes(String shell) {
    Outcome outcome = Outcome.of("completion", shell);
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out())
        .contains("zoneproxy", "validate", "dataplane-token-file", "check-frequency")
        .doesNotContain("--binary-path", "-l binary-path", "train");
  }

  @Test
  void bashTakesItsScript(@TempDir Path folder) throws Exception {
    assumeThat(Path.of("/bin/bash")).as("no bash here").exists();
    Path script =
        Files.writeString(
            folder.resolve("script"), Outcome.of("completion", "bash", "--name=zp").out());
    Process bash =
        new ProcessBuilder("/bin/bash", "-c", ". '" + script + "' && complete -p zp").start();
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
        .contains("zp");
    assertThat(bash.exitValue()).isZero();
  }

  @Test
  void anotherShellIsRefusedByName() {
    assertThat(Outcome.of("completion", "tcsh"))
        .isEqualTo(new Outcome(1, "", "ingress: completion: tcsh (expected: bash, zsh or fish)\n"));
    assertThat(Outcome.of("completion", "bash", "--name=a b").err())
        .isEqualTo("ingress: --name=a b (expected: the name of a command)\n");
  }
}
