package io.zoneproxy.core.export;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.forward.pool.ConnectionPools;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.Collected;
import io.zoneproxy.core.observe.access.LogCollectors;
import io.zoneproxy.core.observe.process.CollectorStats;
import io.zoneproxy.core.observe.process.ExportStats;
import io.zoneproxy.core.observe.request.TraceStats;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.trace.Span;
import io.zoneproxy.core.trace.Tracer;
import io.zoneproxy.core.trace.Tracers;
import io.zoneproxy.core.upstream.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collectors that chains name. Each has a bounded queue; all share one event loop, which is
 * there once one of them is named, and nobody who serves traffic waits for it. Any thread.
 */
public final class Collectors implements Tracers, LogCollectors, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Collectors.class);

  /** For what is queued when the process ends; a collector answers in milliseconds. */
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  /** For a cluster that says nothing: Envoy's. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final Node node;
  private final ExportStats stats;
  private final OpenTelemetry openTelemetry;
  private final Sender.Pace ofSpans;
  private final Map<TracingSpec.Provider, Sender<Span>> spans = new HashMap<>(); // guarded by this
  private final Map<LogTarget.OpenTelemetry, Sender<Collected>> logs =
      new ConcurrentHashMap<>(); // changed under this
  private volatile Function<String, @Nullable Cluster> clusters = name -> null;
  private Sender.@Nullable Surroundings around; // made with the first sender; guarded by this
  private @Nullable EventLoopGroup loops; // likewise

  /**
   * Who this proxy is, for collectors.
   *
   * @param id as the control plane knows it
   * @param cluster what it belongs to, Zipkin's name of a service
   */
  public record Node(String id, String cluster) {}

  /**
   * None yet.
   *
   * @param stats counts what is sent
   * @param openTelemetry how its collectors want to be told
   */
  public Collectors(Node node, ServerStats stats, OpenTelemetry openTelemetry) {
    this(node, stats, openTelemetry, Sender.Pace.SPANS);
  }

  Collectors(Node node, ServerStats stats, OpenTelemetry openTelemetry, Sender.Pace ofSpans) {
    this.node = node;
    this.stats = stats.export;
    this.openTelemetry = openTelemetry;
    this.ofSpans = ofSpans;
  }

  /**
   * The proxy is there.
   *
   * @param running finds a running cluster of the configuration in force; null when there is none
   */
  public void begin(Function<String, @Nullable Cluster> running) {
    clusters = running;
  }

  @Override
  public Tracer of(TracingSpec spec, TraceStats counts) {
    Sender<Span> sender = sender(spec.provider());
    return new Tracer(spec, node.id(), sender::offer, counts);
  }

  private synchronized Sender<Span> sender(TracingSpec.Provider to) {
    Sender<Span> known = spans.get(to);
    if (known == null) {
      known = sender(encoding(to), cluster(to), counts(to), ofSpans);
      spans.put(to, known);
    }
    return known;
  }

  @Override
  public void offer(LogTarget.OpenTelemetry to, Collected record) {
    Sender<Collected> known = logs.get(to);
    if (known == null) {
      known = logs(to);
    }
    known.offer(record);
  }

  private synchronized Sender<Collected> logs(LogTarget.OpenTelemetry to) {
    Sender<Collected> known = logs.get(to);
    if (known == null) {
      known = sender(openTelemetry.logs(to, node), to.cluster(), stats.logs, Sender.Pace.LOGS);
      logs.put(to, known);
    }
    return known;
  }

  private <T> Sender<T> sender(
      Encoding<T> encoding, String cluster, CollectorStats counts, Sender.Pace pace) {
    return new Sender<>(encoding, cluster, counts, surroundings(), pace);
  }

  private synchronized Sender.Surroundings surroundings() {
    Sender.Surroundings known = around;
    if (known == null) {
      EventLoopGroup made = Transport.loops(1, "zoneproxy-export");
      known =
          new Sender.Surroundings(
              made.next(), new ConnectionPools(CONNECT_TIMEOUT), name -> clusters.apply(name));
      loops = made;
      around = known;
    }
    return known;
  }

  private Encoding<Span> encoding(TracingSpec.Provider to) {
    if (to instanceof TracingSpec.Zipkin zipkin) {
      return new ZipkinJson(zipkin, node.cluster());
    }
    return to instanceof TracingSpec.Datadog datadog
        ? new DatadogJson(datadog)
        : openTelemetry.spans((TracingSpec.OpenTelemetry) to);
  }

  private static String cluster(TracingSpec.Provider to) {
    if (to instanceof TracingSpec.Zipkin zipkin) {
      return zipkin.cluster();
    }
    return to instanceof TracingSpec.Datadog datadog
        ? datadog.cluster()
        : ((TracingSpec.OpenTelemetry) to).cluster();
  }

  private CollectorStats counts(TracingSpec.Provider to) {
    if (to instanceof TracingSpec.Zipkin) {
      return stats.zipkin;
    }
    return to instanceof TracingSpec.Datadog ? stats.datadog : stats.openTelemetry;
  }

  /**
   * A configuration is in force: what it does not name any more sends what it has, and goes.
   *
   * @param tracing what any of its chains names for spans
   * @param logging what any of its chains names for logs
   */
  public synchronized void retain(
      Set<TracingSpec.Provider> tracing, Set<LogTarget.OpenTelemetry> logging) {
    retain(spans, tracing);
    retain(logs, logging);
  }

  private static <K, T> void retain(Map<K, Sender<T>> senders, Set<K> named) {
    for (K each : List.copyOf(senders.keySet())) {
      Sender<T> unneeded = named.contains(each) ? null : senders.remove(each);
      if (unneeded != null) {
        unneeded.retire();
      }
    }
  }

  /**
   * Sends what is queued, for two seconds at most, and ends. Nothing may come later: whoever serves
   * traffic has ended before.
   */
  @Override
  public void close() {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    EventLoopGroup ending;
    synchronized (this) {
      ending = loops;
      spans.values().forEach(sender -> ends.add(sender.retire()));
      logs.values().forEach(sender -> ends.add(sender.retire()));
    }
    if (ending == null) {
      return;
    }
    try {
      CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
          .get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.debug("collectors have not taken everything in {}", CLOSE_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ending.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
