package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void keepsThreeDigits() {
    assertThat(Figures.of(0.0791)).isEqualTo("0.0791");
    assertThat(Figures.of(7.914)).isEqualTo("7.91");
    assertThat(Figures.of(79.14)).isEqualTo("79.1");
    assertThat(Figures.of(7914.3)).isEqualTo("7,914");
  }

  @Test
  void writesADashForNothing() {
    assertThat(Figures.of(Optional.empty())).isEqualTo("–");
    assertThat(Figures.withSpread(Optional.empty())).isEqualTo("–");
    assertThat(Figures.ratio(Optional.empty())).isEqualTo("–");
  }

  @Test
  void tellsCostsInTheUnitsOfTheReport() {
    assertThat(Workload.Unit.GIGABYTE.cost(0.5, 1_000_000_000)).isEqualTo(0.5);
    assertThat(Workload.Unit.GIGABYTE.rate(1e9)).isEqualTo(8, within(1e-9));
    assertThat(Workload.Unit.CONNECTION.cost(1, 20_000)).isEqualTo(50, within(1e-9));
    assertThat(Workload.Unit.REQUEST.rate(4_000)).isEqualTo(4_000);
  }
}
