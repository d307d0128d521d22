package io.zoneproxy.core.relay.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SweepTest {
  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final Sweep list;
  private final Sweep other;
  private final List<String> seen = new ArrayList<>();

  SweepTest() {
    clock.freezeTime();
    list = new Sweep(clock.eventLoop(), Duration.ofMillis(100));
    other = new Sweep(clock.eventLoop(), Duration.ofSeconds(1));
  }

  @AfterEach
  void close() {
    clock.finishAndReleaseAll();
  }

  private final class Noted extends Sweep.Member {
    private final String name;
    private final Runnable then;

    Noted(String name) {
      this(name, () -> {});
    }

    Noted(String name, Runnable then) {
      this.name = name;
      this.then = then;
    }

    @Override
    void onSweep(long now) {
      seen.add(name);
      then.run();
    }
  }

  private List<String> pass(long millis) {
    seen.clear();
    clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    clock.runScheduledPendingTasks();
    clock.checkException();
    return List.copyOf(seen);
  }

  @Test
  void looksAtEveryMemberOncePerInterval() {
    list.add(new Noted("a"));
    list.add(new Noted("b"));
    list.add(new Noted("c"));
    assertThat(pass(99)).isEmpty();
    assertThat(pass(1)).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(pass(100)).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void isInOneListAtATime() {
    Noted a = new Noted("a");
    list.add(a);
    list.add(a);
    assertThat(pass(100)).containsExactly("a");
    other.add(a);
    assertThat(pass(100)).isEmpty();
    assertThat(pass(900)).containsExactly("a");
    Sweep.remove(a);
    Sweep.remove(a);
    assertThat(pass(2000)).isEmpty();
  }

  @Test
  void losesNobodyWhenFirstMiddleOrLastLeave() {
    Noted[] members = new Noted[9];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Noted("" + i);
      list.add(members[i]);
    }
    Sweep.remove(members[0]);
    Sweep.remove(members[4]);
    Sweep.remove(members[8]);
    assertThat(pass(100)).containsExactlyInAnyOrder("1", "2", "3", "5", "6", "7");
    list.add(members[4]);
    assertThat(pass(100)).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7");
  }

  @Test
  void losesNobodyWhenMembersLeaveDuringTheSweep() {
    Noted[] leaving = new Noted[6];
    for (int i = 0; i < leaving.length; i++) {
      int me = i;
      leaving[i] = new Noted("" + i, () -> Sweep.remove(leaving[me]));
      list.add(leaving[i]);
      list.add(new Noted("stays"));
    }
    assertThat(pass(100)).hasSize(12).contains("0", "5");
    assertThat(pass(100)).hasSize(6).containsOnly("stays");
  }

  @Test
  void losesNobodyWhenMembersMoveToAnotherListDuringTheSweep() {
    Noted[] moving = new Noted[5];
    for (int i = 0; i < moving.length; i++) {
      int me = i;
      moving[i] = new Noted("" + i, () -> other.add(moving[me]));
      list.add(moving[i]);
    }
    assertThat(pass(100)).hasSize(5);
    assertThat(pass(100)).isEmpty();
    assertThat(pass(1000)).hasSize(5);
  }

  @Test
  void takesInAMemberThatComesDuringTheSweep() {
    Noted late = new Noted("late");
    Noted[] bringer = new Noted[1];
    bringer[0] =
        new Noted(
            "bringer",
            () -> {
              Sweep.remove(bringer[0]);
              list.add(late);
            });
    list.add(bringer[0]);
    assertThat(pass(100)).containsExactly("bringer");
    assertThat(pass(100)).containsExactly("late");
  }

  @Test
  void sleepsWhenItIsEmptyAndNeverHasTwoTasks() {
    Noted a = new Noted("a");
    for (int i = 0; i < 50; i++) { // comes and goes between two sweeps
      list.add(a);
      Sweep.remove(a);
    }
    list.add(a);
    assertThat(pass(100)).containsExactly("a");
    Sweep.remove(a);
    pass(100);
    assertThat(clock.runScheduledPendingTasks()).isEqualTo(-1); // none is scheduled
    list.add(a);
    assertThat(pass(100)).containsExactly("a");
    assertThat(pass(99)).isEmpty();
    assertThat(pass(1)).containsExactly("a");
  }

  @Test
  void goesOnAfterAMemberThatThrew() {
    boolean[] throwing = {true};
    list.add(new Noted("a"));
    list.add(
        new Noted(
            "throws",
            () -> {
              if (throwing[0]) {
                throwing[0] = false;
                throw new OutOfMemoryError("on purpose");
              }
            }));
    seen.clear();
    clock.advanceTimeBy(100, TimeUnit.MILLISECONDS);
    try {
      clock.runScheduledPendingTasks();
      clock.checkException();
    } catch (OutOfMemoryError e) {
      // as Netty's loop, which logs it and goes on
    }
    assertThat(pass(100)).containsExactlyInAnyOrder("a", "throws");
  }

  @Test
  void keepsTheSameMembersAsASetWould() {
    Random random = new Random(5);
    Noted[] members = new Noted[20];
    boolean[] in = new boolean[members.length];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Noted("" + i);
    }
    for (int step = 0; step < 2000; step++) {
      int which = random.nextInt(members.length);
      in[which] = random.nextBoolean();
      if (in[which]) {
        list.add(members[which]);
      } else {
        Sweep.remove(members[which]);
      }
      if (step % 10 == 0) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
          if (in[i]) {
            expected.add("" + i);
          }
        }
        assertThat(pass(100)).containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }
}
