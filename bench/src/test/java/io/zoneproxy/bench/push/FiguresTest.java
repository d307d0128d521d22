package io.zoneproxy.bench.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FiguresTest {
  private static Figures of(double value) {
    Figures figures = new Figures();
    figures.put("ms", value);
    return figures;
  }

  @Test
  void showsOneRunAsItIs() {
    assertThat(Figures.alone("100 services", of(12.34)))
        .isEqualTo("| | 100 services |\n|---|---:|\n| ms | 12.3 |\n");
  }

  @Test
  void comparesMediansAndShowsTheExtremes() {
    assertThat(Figures.beside("a", List.of(of(3), of(1), of(2)), "b", List.of(of(4))))
        .endsWith("| ms | 2 (1–3) | 4 | 0.50 |\n");
  }

  @Test
  void hasNoRatioToNothing() {
    assertThat(Figures.beside("a", List.of(of(3)), "b", List.of(of(0))))
        .endsWith("| ms | 3 | 0 | – |\n");
  }
}
