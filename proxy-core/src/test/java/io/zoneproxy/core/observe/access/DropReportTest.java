package io.zoneproxy.core.observe.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DropReportTest {
  private static final long GAP = DropReport.GAP.toNanos();

  @Test
  void tellsAtOnceThenAtMostOnceAMinute() {
    DropReport report = new DropReport();
    long start = Long.MAX_VALUE - GAP / 2; // the clock's zero is arbitrary, it may wrap

    assertThat(report.due(start, 0)).isZero();
    assertThat(report.due(start, 3)).isEqualTo(3);
    assertThat(report.due(start + 1, 10)).isZero();
    assertThat(report.due(start + GAP - 1, 11)).isZero();
    assertThat(report.due(start + GAP, 12)).isEqualTo(9);
  }

  @Test
  void staysSilentWhenNothingMoreWasLost() {
    DropReport report = new DropReport();
    report.due(0, 3);

    assertThat(report.due(GAP * 2, 3)).isZero();
    assertThat(report.due(GAP * 2, 4)).isEqualTo(1);
  }
}
