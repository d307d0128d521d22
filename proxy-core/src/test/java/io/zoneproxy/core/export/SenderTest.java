package io.zoneproxy.core.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.zoneproxy.core.forward.pool.ConnectionPools;
import io.zoneproxy.core.observe.process.CollectorStats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SenderTest {
  private final EventLoop loop = new DefaultEventLoop();
  private final AtomicInteger left = new AtomicInteger();
  private final CollectorStats stats = new CollectorStats();

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Each of which fills a message. */
  private final class Large implements Encoding<String> {
    @Override
    public String path() {
      return "/";
    }

    @Override
    public void headers(HttpHeaders to) {}

    @Override
    public int bytes(String one) {
      return Sender.MAX_BYTES;
    }

    @Override
    public byte[] body(List<String> batch) {
      return new byte[batch.size()];
    }

    @Override
    public void left(String one) {
      left.incrementAndGet();
    }
  }

  @Test
  void aMessageHasNoMoreThanServersTake() throws Exception {
    Sender<String> sender =
        new Sender<>(
            new Large(),
            "nowhere",
            stats,
            new Sender.Surroundings(loop, new ConnectionPools(Duration.ofSeconds(1)), name -> null),
            new Sender.Pace(16, 5, 3600));
    for (int i = 0; i < 5; i++) {
      sender.offer("one");
    }
    await().until(() -> left.get() > 0); // and nothing more, until the timer tries again
    assertThat(left).hasValue(1);
    assertThat(stats.dropped.sum()).isEqualTo(1);
    sender.retire().get(20, TimeUnit.SECONDS);
    assertThat(left).hasValue(5);
    assertThat(stats.dropped.sum()).isEqualTo(5);
  }
}
