package io.zoneproxy.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.DrainConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Design: 10 s without a new connection, at most 80 %; the rest cut between 80 % and 95 %. */
final class DrainTest {
  private static final DrainConfig USUAL =
      new DrainConfig(Duration.ofSeconds(30), Duration.ofSeconds(10));

  /** A proxy that does what it is told, at once. */
  private static class FakeProxy implements Drain.Target {
    private long accepted = 1000;
    private int open;
    private int stops;
    private boolean closing;
    private boolean listens = true;
    private final List<Integer> cuts = new ArrayList<>();

    @Override
    public long accepted() {
      return accepted;
    }

    @Override
    public int open() {
      return open;
    }

    @Override
    public boolean listens() {
      return listens;
    }

    @Override
    public void stopAccepting() {
      stops++;
    }

    @Override
    public boolean stopped() {
      return stops > 0 && !closing;
    }

    @Override
    public int cut(int most) {
      int cut = Math.min(most, open);
      open -= cut;
      cuts.add(cut);
      return cut;
    }

    private void accept() {
      accepted++;
      open++;
    }
  }

  private final FakeProxy proxy = new FakeProxy();
  private long nanos = -77; // System.nanoTime may be below zero

  private Drain drain(DrainConfig config) {
    return new Drain(config, () -> nanos, proxy);
  }

  private boolean tickAt(Drain drain, double seconds) {
    nanos = -77 + (long) (seconds * 1e9);
    return drain.tick();
  }

  @Test
  void waitsForNobodyBeforeAnAddressIsBound() {
    proxy.listens = false;
    assertThat(tickAt(drain(USUAL), 0)).isTrue();
    assertThat(proxy.stops).isEqualTo(1);
  }

  @Test
  void acceptsUntilNoConnectionHasComeForTheIdleTime() {
    Drain drain = drain(USUAL);
    assertThat(tickAt(drain, 0)).isFalse();
    assertThat(tickAt(drain, 9.99)).isFalse();
    assertThat(proxy.stops).isZero();
    tickAt(drain, 10);
    assertThat(proxy.stops).isEqualTo(1);
  }

  @Test
  void countsTheIdleTimeFromTheLastConnectionSinceTheStart() {
    Drain drain = drain(USUAL);
    proxy.open = 1;
    tickAt(drain, 6);
    proxy.accept();
    tickAt(drain, 7);
    tickAt(drain, 16.9);
    assertThat(proxy.stops).isZero();
    tickAt(drain, 17);
    assertThat(proxy.stops).isEqualTo(1);
  }

  @Test
  void countsARefusedConnectionToo() {
    Drain drain = drain(USUAL);
    proxy.open = 1;
    tickAt(drain, 9);
    proxy.accepted++; // and gone again
    tickAt(drain, 9.5);
    tickAt(drain, 12);
    assertThat(proxy.stops).isZero();
  }

  @Test
  void stopsAcceptingAtEightyPercentHoweverManyCome() {
    Drain drain = drain(USUAL);
    for (double second = 0; second < 24; second += 0.5) {
      proxy.accept();
      assertThat(tickAt(drain, second)).isFalse();
    }
    assertThat(proxy.stops).isZero();
    proxy.accept();
    tickAt(drain, 24);
    assertThat(proxy.stops).isEqualTo(1);
  }

  @Test
  void closesTheListenersOnce() {
    Drain drain = drain(USUAL);
    proxy.open = 5;
    for (double second = 0; second < 31; second++) {
      tickAt(drain, second);
    }
    drain.force();
    assertThat(proxy.stops).isEqualTo(1);
  }

  @Test
  void closesAtOnceWithoutAnIdleTime() {
    Drain drain = drain(new DrainConfig(Duration.ofSeconds(30), Duration.ZERO));
    proxy.open = 1;
    assertThat(tickAt(drain, 0)).isFalse();
    assertThat(proxy.stops).isEqualTo(1);
    proxy.open = 0;
    assertThat(tickAt(drain, 0.05)).isTrue();
    assertThat(drain.cut()).isZero();
  }

  @Test
  void isOverAtOnceWhenNothingIsOpenAndNothingMayCome() {
    Drain drain = drain(new DrainConfig(Duration.ofSeconds(30), Duration.ZERO));
    assertThat(tickAt(drain, 0)).isTrue();
  }

  @Test
  void goesOnWithNothingOpenAsLongAsItAccepts() {
    Drain drain = drain(USUAL);
    assertThat(tickAt(drain, 5)).isFalse();
    assertThat(tickAt(drain, 9.9)).isFalse();
    assertThat(tickAt(drain, 10)).isTrue();
  }

  @Test
  void endsAsSoonAsTheLastConnectionHasLeft() {
    Drain drain = drain(USUAL);
    proxy.open = 2;
    assertThat(tickAt(drain, 11)).isFalse();
    proxy.open = 1;
    assertThat(tickAt(drain, 12)).isFalse();
    proxy.open = 0;
    assertThat(tickAt(drain, 13)).isTrue();
    assertThat(proxy.cuts).isEmpty();
  }

  @Test
  void cutsNothingBeforeEightyPercent() {
    Drain drain = drain(USUAL);
    proxy.open = 100;
    for (double second = 0; second < 24; second += 0.25) {
      assertThat(tickAt(drain, second)).isFalse();
    }
    assertThat(proxy.open).isEqualTo(100);
    assertThat(drain.cut()).isZero();
  }

  @Test
  void spreadsTheCutsBetweenEightyAndNinetyFivePercent() {
    Drain drain = drain(USUAL);
    proxy.open = 100;
    tickAt(drain, 10);
    int ticks = 0;
    for (double second = 24; second < 28.5; second += 0.05) {
      int before = drain.cut();
      assertThat(tickAt(drain, second)).isFalse();
      assertThat(drain.cut() - before).isBetween(0, 2); // 100 over 90 ticks
      ticks++;
      double share = (second - 24) / 4.5;
      assertThat(drain.cut()).isBetween((int) Math.floor(share * 100), (int) (share * 100) + 2);
    }
    assertThat(ticks).isGreaterThan(80);
    assertThat(tickAt(drain, 28.5)).isTrue();
    assertThat(drain.cut()).isEqualTo(100);
  }

  @Test
  void cutsEverythingByNinetyFivePercentWhateverHappenedMeanwhile() {
    Drain drain = drain(USUAL);
    proxy.open = 10;
    tickAt(drain, 24);
    proxy.open += 500; // accepted before the listeners were closed, counted late
    tickAt(drain, 26);
    assertThat(proxy.open).isPositive();
    tickAt(drain, 28.5);
    assertThat(proxy.open).isZero();
    assertThat(drain.cut()).isEqualTo(510);
  }

  @Test
  void cutsFewerWhenSomeLeaveByThemselves() {
    Drain drain = drain(USUAL);
    proxy.open = 100;
    tickAt(drain, 24);
    tickAt(drain, 25);
    proxy.open = 1;
    tickAt(drain, 27);
    assertThat(drain.cut()).isLessThanOrEqualTo(24);
    assertThat(tickAt(drain, 27.1)).isTrue();
  }

  @Test
  void isOverAtTheEndOfTheTimeWhateverIsOpen() {
    FakeProxy deaf =
        new FakeProxy() {
          @Override
          public int cut(int most) {
            return 0;
          }
        };
    deaf.open = 3;
    Drain drain = new Drain(USUAL, () -> nanos, deaf);
    assertThat(tickAt(drain, 29.9)).isFalse();
    assertThat(tickAt(drain, 30)).isTrue();
    assertThat(deaf.open).isEqualTo(3);
  }

  @Test
  void survivesAClockThatJumpsToTheEnd() {
    Drain drain = drain(USUAL);
    proxy.open = 7;
    assertThat(tickAt(drain, 500)).isTrue();
    assertThat(proxy.stops).isEqualTo(1);
    assertThat(drain.cut()).isEqualTo(7);
  }

  @Test
  void cutsASingleConnectionAfterTheBeginningOfTheCuts() {
    Drain drain = drain(USUAL);
    proxy.open = 1;
    tickAt(drain, 24);
    assertThat(proxy.open).isEqualTo(1);
    assertThat(tickAt(drain, 24.1)).isTrue();
    assertThat(drain.cut()).isEqualTo(1);
  }

  @Test
  void anIdleTimeLongerThanTheWholeChangesNothing() {
    Drain drain = drain(new DrainConfig(Duration.ofSeconds(1), Duration.ofSeconds(10)));
    tickAt(drain, 0.79);
    assertThat(proxy.stops).isZero();
    assertThat(tickAt(drain, 0.8)).isTrue();
    assertThat(proxy.stops).isEqualTo(1);
  }

  @Test
  void forceEndsItFromAnyPoint() {
    Drain drain = drain(USUAL);
    proxy.open = 40;
    tickAt(drain, 1);
    drain.force();
    assertThat(proxy.stops).isEqualTo(1);
    assertThat(proxy.open).isZero();
    assertThat(drain.cut()).isEqualTo(40);
    assertThat(drain.tick()).isTrue();
  }

  @Test
  void isNotOverWhileTheListenersAreStillClosing() {
    proxy.closing = true;
    Drain drain = drain(new DrainConfig(Duration.ofSeconds(30), Duration.ZERO));
    assertThat(tickAt(drain, 1)).isFalse();
    proxy.closing = false;
    assertThat(tickAt(drain, 2)).isTrue();
  }
}
