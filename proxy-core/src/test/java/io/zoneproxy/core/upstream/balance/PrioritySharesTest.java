package io.zoneproxy.core.upstream.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ClusterPolicy.Spread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrioritySharesTest {
  private static int[] numbers(String written) {
    return java.util.Arrays.stream(written.split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  private static String shares(String total, String healthy, Spread spread) {
    PriorityShares shares = PriorityShares.of(numbers(total), numbers(healthy), spread);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < numbers(total).length; i++) {
      text.append(i == 0 ? "" : " ").append(shares.percent(i)).append(shares.panic(i) ? "!" : "");
    }
    return text.toString();
  }

  /** The first four are the table of Envoy's documentation, with a factor of 140 %. */
  @ParameterizedTest
  @CsvSource({
    "100 100, 100 100, 100 0",
    "100 100, 72 72, 100 0",
    "100 100, 71 71, 99 1",
    "100 100, 50 50, 70 30",
    "100 100, 25 100, 35 65",
    "100 100, 25 25, 50! 50!",
    "100 100, 0 100, 0 100",
    "10 10 10, 3 3 10, 42 42 16",
    "0 4, 0 4, 0 100",
    "4 0 4, 0 0 4, 0 0 100"
  })
  void spillsOverWhatAPriorityCannotTake(String total, String healthy, String expected) {
    assertThat(shares(total, healthy, Spread.DEFAULT)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"200, 50, 100 0", "200, 49, 98 2", "100, 99, 99 1", "100, 100, 100 0"})
  void takesTheConfiguredOverprovisioning(int percent, int healthy, String expected) {
    Spread spread = new Spread(percent, 50, false, false);
    assertThat(shares("100 100", healthy + " 100", spread)).isEqualTo(expected);
  }

  @Test
  void scalesUpWhenAllTogetherCannotTakeEverything() {
    // 28 + 42 = 70: 40 and 60 of 100. Only the first is below the threshold of 30.
    assertThat(shares("10 10", "2 3", new Spread(140, 30, false, false))).isEqualTo("40! 60");
  }

  @Test
  void panicsOnlyWhenAllTogetherCannotTakeEverything() {
    assertThat(shares("10 10", "1 10", Spread.DEFAULT)).isEqualTo("14 86");
  }

  @ParameterizedTest
  @CsvSource({"30.2, 30, 100", "30.5, 30, 100!", "30.2, 29, 100!", "0, 0, 100", "1, 0, 100!"})
  void roundsTheThresholdAsEnvoyDoes(double threshold, int healthy, String expected) {
    Spread spread = new Spread(140, threshold, false, false);
    assertThat(shares("100", "" + healthy, spread)).isEqualTo(expected);
  }

  @Test
  void followsTheNumberOfEndpointsWhenEveryoneIsInPanic() {
    assertThat(shares("1 3", "0 0", Spread.DEFAULT)).isEqualTo("25! 75!");
    assertThat(shares("3 3 1", "1 1 0", Spread.DEFAULT)).isEqualTo("44! 42! 14!");
  }

  @Test
  void choosesEachByItsPercent() {
    PriorityShares shares =
        PriorityShares.of(numbers("100 100 100"), numbers("25 0 100"), Spread.DEFAULT);
    int[] counts = new int[3];
    for (int i = 0; i < 1000; i++) {
      counts[shares.choose(i)]++;
    }
    assertThat(counts).containsExactly(350, 0, 650);
    assertThat(shares.only()).isEqualTo(-1);
    assertThat(PriorityShares.of(numbers("0 4"), numbers("0 4"), Spread.DEFAULT).only())
        .isEqualTo(1);
  }
}
