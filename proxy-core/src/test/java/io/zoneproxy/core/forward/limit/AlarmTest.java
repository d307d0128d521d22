package io.zoneproxy.core.forward.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.relay.portable.Transport;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlarmTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration LATE = Duration.ofHours(1);

  private final EventLoopGroup loops = Transport.loops(1, "test-alarm");
  private final EventLoop loop = loops.next();
  private final Alarm alarm = new Alarm(loop);
  private final BlockingQueue<String> passed = new LinkedBlockingQueue<>();

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Deadlines request(String name) {
    return new Deadlines(alarm, (RequestEnd end) -> passed.add(name + " " + end));
  }

  private String next() throws InterruptedException {
    return String.valueOf(passed.poll(20, TimeUnit.SECONDS));
  }

  private void onLoop(Runnable task) throws Exception {
    loop.submit(task).get(20, TimeUnit.SECONDS);
  }

  @Test
  void aSoonerLimitMovesTheTimerForward() throws Exception {
    onLoop(
        () -> {
          request("a").idle(LATE);
          request("b").responseWithin(SOON);
        });
    assertThat(next()).isEqualTo("b TIMEOUT");
  }

  @Test
  void whoIsStoppedIsNotTold() throws Exception {
    onLoop(
        () -> {
          Deadlines first = request("a");
          first.idle(SOON);
          request("b").requestWithin(SOON.multipliedBy(2));
          first.stop();
        });
    assertThat(next()).isEqualTo("b REQUEST_TIMEOUT");
    assertThat(passed).isEmpty();
  }

  @Test
  void nobodyIsToldAfterTheConnectionsEnd() throws Exception {
    onLoop(
        () -> {
          request("a").idle(SOON);
          alarm.close();
          new Deadlines(new Alarm(loop), end -> passed.add("later")).idle(SOON.multipliedBy(2));
        });
    assertThat(next()).isEqualTo("later");
  }
}
