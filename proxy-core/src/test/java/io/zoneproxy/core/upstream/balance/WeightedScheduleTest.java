package io.zoneproxy.core.upstream.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WeightedScheduleTest {
  private final AtomicLong position = new AtomicLong();

  private static WeightedSchedule schedule(int... weights) {
    return new WeightedSchedule(Arrays.stream(weights).asLongStream().toArray());
  }

  private int[] take(WeightedSchedule schedule, int turns) {
    return IntStream.range(0, turns)
        .map(turn -> schedule.next(position::getAndIncrement, 0, 0))
        .toArray();
  }

  private static int[] weights(String written) {
    return Arrays.stream(written.split(":")).mapToInt(Integer::parseInt).toArray();
  }

  private static long count(int[] turns, int index) {
    return Arrays.stream(turns).filter(turn -> turn == index).count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "7",
        "2:1",
        "1:2",
        "1:1:1",
        "1:65535",
        "65535:1",
        "90:9:1",
        "3:5:7:11",
        "6:4"
      })
  void givesEachItsWeightInEveryPeriod(String written) {
    int[] weights = weights(written);
    WeightedSchedule schedule = schedule(weights);
    for (int period = 0; period < 3; period++) {
      int[] turns = take(schedule, Arrays.stream(weights).sum());
      for (int i = 0; i < weights.length; i++) {
        assertThat(count(turns, i)).isEqualTo(weights[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2:1", "1:1:1", "90:9:1", "3:5:7:11", "100:100:1", "1000:10:10:10"})
  void spreadsTheTurnsOfEach(String written) {
    int[] weights = weights(written);
    int sum = Arrays.stream(weights).sum();
    int[] turns = take(schedule(weights), sum * 2);
    for (int i = 0; i < weights.length; i++) {
      int mostApart = 2 * ((sum + weights[i] - 1) / weights[i]) + weights.length;
      assertThat(widestGap(turns, i)).as("endpoint %d of %s", i, written).isLessThan(mostApart);
    }
  }

  private static int widestGap(int[] turns, int index) {
    int widest = 0;
    int last = -1;
    for (int turn = 0; turn < turns.length; turn++) {
      if (turns[turn] == index) {
        widest = Math.max(widest, turn - last);
        last = turn;
      }
    }
    return Math.max(widest, turns.length - last);
  }

  @Test
  void takesEqualOnesInTurn() {
    assertThat(take(schedule(5, 5, 5), 6)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void doesNotSendTheLightOnesAllInOneRound() {
    // Ten light ones beside a heavy one: no two of them follow one another.
    int[] turns = take(schedule(100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 110);
    for (int turn = 1; turn < turns.length; turn++) {
      assertThat(turns[turn] != 0 && turns[turn - 1] != 0).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:1:1", "2:1", "65535:1:32768", "2147483647:2147483646:1"})
  void goesOnWhenThePositionRunsOver(String written) {
    position.set(Long.MAX_VALUE - 10);
    int[] weights = weights(written);
    int[] turns = take(schedule(weights), 100);
    assertThat(Arrays.stream(turns).boxed()).allMatch(turn -> turn >= 0 && turn < weights.length);
    assertThat(count(turns, 0)).isGreaterThanOrEqualTo(33);
    assertThat(position.get()).isNegative();
  }

  @Test
  void keepsTheProportionsFarFromTheBeginning() {
    position.set(3L << 60);
    int[] turns = take(schedule(2_000_000_000, 1_000_000_000), 3000);
    assertThat(count(turns, 0)).isBetween(1999L, 2001L);
  }
}
