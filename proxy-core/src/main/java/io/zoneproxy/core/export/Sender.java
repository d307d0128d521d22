package io.zoneproxy.core.export;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.forward.pool.ConnectionPools;
import io.zoneproxy.core.forward.pool.Target;
import io.zoneproxy.core.observe.process.CollectorStats;
import io.zoneproxy.core.text.Visible;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue before one collector, and what empties it: one message at a time, as soon as a few are
 * waiting, else every few seconds. While the collector fails it is asked with that timer only; what
 * the queue cannot take meanwhile is dropped and counted.
 *
 * @param <T> spans, or records of logs
 */
final class Sender<T> {
  /** In one message: OpenTelemetry's own senders take no more. */
  static final int MAX_BATCH = 512;

  /** Of what peers chose in one message: servers of gRPC take 4 MB, and text grows when escaped. */
  static final int MAX_BYTES = 1024 * 1024;

  private static final Logger log = LoggerFactory.getLogger(Collectors.class);

  /**
   * When a queue is emptied.
   *
   * @param capacity of the queue, a power of two
   * @param atOnce as many make a message at once
   * @param seconds after which fewer do
   */
  record Pace(int capacity, int atOnce, long seconds) {
    /**
     * A second of 4,000 requests that are traced, 8 MB of spans of 2 KB, and some 50 MB when
     * clients fill every tag; then Envoy's {@code min_flush_spans} and {@code flush_interval_ms}.
     */
    static final Pace SPANS = new Pace(4 * 1024, 5, 5);

    /** As much; then Envoy's buffer of 16 KiB in lines of 256 bytes, and its interval. */
    static final Pace LOGS = new Pace(4 * 1024, 64, 1);
  }

  /** What all senders share. */
  record Surroundings(
      EventLoop loop, ConnectionPools pools, Function<String, @Nullable Cluster> clusters) {}

  private final Encoding<T> encoding;
  private final String cluster;
  private final CollectorStats stats;
  private final Surroundings around;
  private final Pace pace;
  private final MpscAtomicArrayQueue<T> queue;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Future<?> timer;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile boolean retired;
  private boolean sending; // the rest is for the loop only
  private boolean failing;

  Sender(
      Encoding<T> encoding, String cluster, CollectorStats stats, Surroundings around, Pace pace) {
    this.encoding = encoding;
    this.cluster = cluster;
    this.stats = stats;
    this.around = around;
    this.pace = pace;
    this.queue = new MpscAtomicArrayQueue<>(pace.capacity());
    this.timer =
        around
            .loop()
            .scheduleWithFixedDelay(
                this::onTimer, pace.seconds(), pace.seconds(), TimeUnit.SECONDS);
  }

  /** Takes one, or drops and counts it. Any thread; neither blocks nor throws. */
  void offer(T one) {
    if (retired || !queue.offer(one)) {
      encoding.left(one);
      stats.dropped.increment();
    } else if (queue.size() >= pace.atOnce() && woken.compareAndSet(false, true)) {
      around.loop().execute(this::flush);
    }
  }

  /** Takes no more and sends what it has; complete when that is done, or has failed. Any thread. */
  CompletableFuture<Void> retire() {
    retired = true;
    timer.cancel(false);
    around.loop().execute(this::flush);
    return done;
  }

  private void onTimer() {
    if (!sending && !queue.isEmpty()) {
      stats.timerFlushed.increment();
    }
    flush();
  }

  private void flush() {
    if (sending) {
      return; // its end looks at the queue
    }
    List<T> batch = batch();
    if (!batch.isEmpty()) {
      sending = true;
      batch.forEach(encoding::left); // before its end, which may be at once, is told
      send(batch);
    } else {
      settle();
    }
  }

  private List<T> batch() {
    List<T> batch = new ArrayList<>();
    for (int bytes = 0; bytes < MAX_BYTES && batch.size() < MAX_BATCH; ) {
      T one = queue.poll();
      if (one == null) {
        break;
      }
      batch.add(one);
      bytes += encoding.bytes(one);
    }
    return batch;
  }

  private void send(List<T> batch) {
    Outcome outcome = new Outcome(batch.size());
    Cluster to = around.clusters().apply(cluster);
    Endpoint endpoint = to == null ? null : to.picker(Map.of()).pick(List.of());
    if (to == null || endpoint == null) {
      stats.noCluster.increment();
      outcome.lost("no endpoint");
      return;
    }
    if (to.spec().policy().tls().stream().anyMatch(choice -> choice.tls().isPresent())) {
      outcome.lost("wants TLS (expected: none; kuma-cp asks for none)"); // never in the clear
      return;
    }
    FullHttpRequest message = message(batch, outcome);
    if (message != null) {
      Target target = new Target(to, endpoint, Optional.empty(), to.spec().policy().http());
      Report.send(around.loop(), around.pools(), target, message, outcome);
    }
  }

  private @Nullable FullHttpRequest message(List<T> batch, Outcome outcome) {
    byte[] body;
    try {
      body = encoding.body(batch);
    } catch (RuntimeException e) { // a mistake of ours in one batch must not end all others
      log.error("collector {}: {} of them could not be written", cluster, batch.size(), e);
      outcome.lost("not written");
      return null;
    }
    try {
      return Report.message(encoding, body);
    } catch (IllegalArgumentException e) {
      outcome.lost(Visible.line(String.valueOf(e.getMessage())));
      return null;
    }
  }

  /** How a message ended. */
  private final class Outcome implements Report.Outcome {
    private final int size;

    Outcome(int size) {
      this.size = size;
    }

    @Override
    public void onAnswered(int status, HttpHeaders last) {
      if (!encoding.taken(status, last)) {
        stats.reportsRefused.increment();
        lost("answered " + status + words(last));
        return;
      }
      stats.reportsSent.increment();
      stats.sent.add(size);
      if (failing) {
        failing = false;
        log.info("collector {} works again", cluster);
      }
      next();
    }

    /** A peer's words are shown as short as they can be. */
    private static String words(HttpHeaders last) {
      String status = last.get("grpc-status");
      return status == null ? "" : ", grpc-status " + status.replaceAll("[^0-9]", "?");
    }

    @Override
    public void onFailed(String why) {
      stats.reportsFailed.increment();
      lost(why);
    }

    void lost(String why) {
      stats.dropped.add(size);
      if (!failing) {
        failing = true;
        log.warn(
            "collector {}: {}; it is tried every {} s, and what is too much until it works is"
                + " dropped and counted",
            cluster,
            why,
            pace.seconds());
      }
      next();
    }

    private void next() {
      sending = false;
      if (failing) {
        endIfRetired(); // else it stays woken: only the timer tries again
      } else if (retired || queue.size() >= pace.atOnce()) {
        around.loop().execute(Sender.this::flush);
      } else {
        settle();
      }
    }
  }

  /** There is too little to be sent now. */
  private void settle() {
    woken.set(false);
    if (queue.size() >= pace.atOnce() && woken.compareAndSet(false, true)) {
      around.loop().execute(this::flush); // came in between
    } else {
      endIfRetired();
    }
  }

  private void endIfRetired() {
    if (retired) {
      stats.dropped.add(queue.drain(encoding::left));
      done.complete(null);
    }
  }
}
