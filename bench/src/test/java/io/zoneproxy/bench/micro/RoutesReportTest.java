package io.zoneproxy.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RoutesReportTest {
  private static final String FIGURES =
      Stream.of(
              RoutesProbe.COLD,
              RoutesProbe.COLD_CPU,
              RoutesProbe.WARM,
              RoutesProbe.CHANGE,
              RoutesProbe.HASHED_ONE,
              RoutesProbe.HASHED_ALL,
              RoutesProbe.BYTES_ONE,
              RoutesProbe.BYTES_ALL,
              RoutesProbe.HEAP,
              RoutesProbe.MODEL_HEAP)
          .map(figure -> figure + "=%1$.3f")
          .collect(Collectors.joining("\n"));

  private static Samples samples(double... values) {
    Samples samples = new Samples();
    for (double value : values) {
      samples.add(String.format(Locale.ROOT, FIGURES, value));
    }
    return samples;
  }

  @Test
  void tellsMedianSpreadAndTarget() {
    String report = RoutesReport.text(samples(1, 2, 3), samples(70, 50, 60));
    assertThat(report.lines().filter(line -> line.contains("first in a JVM")))
        .singleElement()
        .asString()
        .matches("model to serving.* 60\\.0 +50\\.0 +70\\.0 +<= 1000");
  }

  @Test
  void tellsHowMuchMoreHeapThanWithFew() {
    String report = RoutesReport.text(samples(1, 2, 3), samples(70, 50, 60));
    assertThat(report.lines().filter(line -> line.startsWith("heap")))
        .singleElement()
        .asString()
        .matches("heap more.* 58\\.0 +48\\.0 +68\\.0 +<= 60");
  }

  @Test
  void namesAFigureThatIsNotThere() {
    assertThatThrownBy(() -> new Samples().median("cold_ms")).hasMessageContaining("cold_ms");
  }
}
