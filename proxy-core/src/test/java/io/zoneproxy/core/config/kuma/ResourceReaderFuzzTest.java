package io.zoneproxy.core.config.kuma;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zoneproxy.core.config.kuma.ReadFile.Document;
import io.zoneproxy.core.config.kuma.ResourceReader.Use;
import io.zoneproxy.core.resource.Problem;

/** {@code JAZZER_FUZZ=1} looks for new inputs; without it the saved ones are run again. */
final class ResourceReaderFuzzTest {
  @FuzzTest(maxDuration = "60s")
  void neverThrowsAndNeverRefusesWithoutAWord(FuzzedDataProvider data) {
    Use use = data.consumeBoolean() ? Use.OWN : Use.FOLDER;
    ReadFile file = new ResourceReader(use).read("fuzz", data.consumeRemainingAsString());
    boolean refused = file.documents().stream().anyMatch(Document.Refused.class::isInstance);
    assertThat(refused && !file.hasErrors()).isFalse();
    for (Problem problem : file.problems()) {
      assertThat(problem.toString()).doesNotContain("\n");
      assertThat(problem.source().line()).isPositive();
    }
  }
}
