package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static final String ID = Samples.CONNECT.id();

  private final Results results = Samples.connections();

  @Test
  void comparesWithTheBetterOfTheTwoHaproxies() {
    assertThat(results.best(ID)).contains(50.0);
    assertThat(results.ratio(ID, Haproxy.NAME)).contains(1.2);
    assertThat(results.ratio(ID, Haproxy.SPLICE_NAME)).contains(1.0);
    assertThat(results.ratio(ID, Zoneproxy.NAME)).contains(0.8);
  }

  @Test
  void hasNoRatioOfWhatWasNotMeasured() {
    assertThat(results.ratio(ID, Direct.NAME)).isEmpty();
    assertThat(results.ratio(ID, "sniproxy")).isEmpty();
    assertThat(results.ratio("idle", Zoneproxy.NAME)).isEmpty();
  }

  @Test
  void hasNoRatioWithoutHaproxy() {
    Results alone = new Results(List.of(Samples.sample(1, Samples.CONNECT, Zoneproxy.NAME, 40)));

    assertThat(alone.ratio(ID, Zoneproxy.NAME)).isEmpty();
  }

  @Test
  void tellsTheSpreadOfTheRounds() {
    assertThat(results.spread(ID, Zoneproxy.NAME, Metric.COST)).contains(new Spread(40, 30, 50, 2));
    assertThat(results.rounds()).isEqualTo(2);
  }

  @Test
  void keepsFaults() {
    assertThat(results.faults(ID, "sniproxy")).containsExactly("it \"failed\"\nbadly");
    assertThat(results.faults(ID, Zoneproxy.NAME)).isEmpty();
  }
}
