package io.zoneproxy.cp.ads;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private final Backoff backoff = new Backoff(new Random(1));

  @Test
  void waitsTwiceAsLongEachTimeUpToTheLongest() {
    Duration most = Backoff.FIRST;
    for (int i = 0; i < 10; i++) {
      assertThat(backoff.next()).isBetween(most.dividedBy(2), most);
      most =
          most.multipliedBy(2).compareTo(Backoff.LONGEST) < 0
              ? most.multipliedBy(2)
              : Backoff.LONGEST;
    }
  }

  @Test
  void beginsAnewAfterASuccess() {
    for (int i = 0; i < 5; i++) {
      backoff.next();
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(Backoff.FIRST);
  }

  @Test
  void asksSoonAgainWhetherTheLastStreamIsLetGoOfButNotForEver() {
    for (int i = 0; i < 60; i++) {
      assertThat(backoff.soon()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    }
    for (int i = 0; i < 5; i++) {
      backoff.soon();
    }
    assertThat(backoff.soon()).isGreaterThan(Duration.ofSeconds(1));
    backoff.reset();
    assertThat(backoff.soon()).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void doesNotSendAllProxiesAtOnce() {
    Duration one = new Backoff(new Random(1)).next();
    assertThat(new Backoff(new Random(2)).next()).isNotEqualTo(one);
  }
}
