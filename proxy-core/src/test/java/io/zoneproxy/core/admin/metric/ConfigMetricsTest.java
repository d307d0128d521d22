package io.zoneproxy.core.admin.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ConfigMetricsTest {
  @Test
  void aVersionIsANumberThatJsonHoldsExactly() {
    assertThat(ConfigMetrics.number("")).isZero();
    assertThat(ConfigMetrics.number("a")).isNotEqualTo(ConfigMetrics.number("b"));
    assertThat(ConfigMetrics.number("da49c6a9-4ebd")).isBetween(1L, 1L << 53);
  }
}
