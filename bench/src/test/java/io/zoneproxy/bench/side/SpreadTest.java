package io.zoneproxy.bench.side;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void takesTheMiddleOfAnOddNumber() {
    assertThat(Spread.of(List.of(5.0, 1.0, 9.0))).contains(new Spread(5, 1, 9, 3));
  }

  @Test
  void takesTheMeanOfTheMiddleTwoOfAnEvenNumber() {
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 100.0))).contains(new Spread(3, 1, 100, 4));
  }

  @Test
  void isNothingOfNothing() {
    assertThat(Spread.of(List.of())).isEmpty();
  }
}
