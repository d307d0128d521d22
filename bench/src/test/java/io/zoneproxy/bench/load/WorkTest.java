package io.zoneproxy.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {
  @Test
  void readsWhatItWrites() {
    List<Work> all =
        List.of(
            Work.bulk(Work.Kind.UPLOAD, 4), Work.connect(16), Work.ping(50, 4000), Work.idle(9));

    String text = String.join("+", all.stream().map(Work::toString).toList());

    assertThat(Work.parseAll(text)).isEqualTo(all);
  }

  @Test
  void makesAPingOfOneKibibyteBothWays() {
    Work ping = Work.ping(1, 1);

    assertThat(ping.answerBytes()).isEqualTo(1024);
    assertThat(ping.paddingBytes() + Request.HEADER_BYTES).isEqualTo(1024);
  }

  @Test
  void refusesAnythingElse() {
    assertThatThrownBy(() -> Work.parse("CONNECT:1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: KIND");
  }

  @Test
  void readsAMeasurementThatItWrote() {
    Measured measured =
        new Measured(
            3.01, 2.5, 0.25, List.of(new Measured.Figure(7, 8, 9), new Measured.Figure(1, 0, 0)));

    Measured nothing = new Measured(1, 0, 0, List.of());

    assertThat(Measured.parse(measured.toString())).isEqualTo(measured);
    assertThat(Measured.parse(nothing.toString())).isEqualTo(nothing);
  }
}
