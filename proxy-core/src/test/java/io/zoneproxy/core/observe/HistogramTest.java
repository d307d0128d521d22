package io.zoneproxy.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void countsCumulativelyWithAllValuesInTheLastBucket() {
    Histogram histogram = new Histogram();
    histogram.record(0);
    histogram.record(1);
    histogram.record(7);
    histogram.record(4_000_000);

    long[] counts = histogram.cumulative();
    assertThat(counts).hasSize(histogram.bounds().length + 1);
    assertThat(counts[0]).isEqualTo(1); // 0.5
    assertThat(counts[1]).isEqualTo(2); // 1
    assertThat(counts[2]).isEqualTo(2); // 5
    assertThat(counts[3]).isEqualTo(3); // 10
    assertThat(counts[counts.length - 2]).isEqualTo(3);
    assertThat(counts[counts.length - 1]).isEqualTo(histogram.count()).isEqualTo(4);
    assertThat(counts[3]).isEqualTo(histogram.cumulative(3));
    assertThat(histogram.sum()).isEqualTo(4_000_008);
  }
}
