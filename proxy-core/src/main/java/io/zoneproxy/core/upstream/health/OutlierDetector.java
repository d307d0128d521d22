package io.zoneproxy.core.upstream.health;

import static io.zoneproxy.core.observe.HealthFlag.FAILED_OUTLIER_CHECK;

import io.netty.channel.EventLoop;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.OutlierDetection.Consecutive;
import io.zoneproxy.core.observe.OutlierStats;
import io.zoneproxy.core.observe.OutlierStats.Detector;
import io.zoneproxy.core.upstream.balance.Chance;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Puts endpoints of one cluster out because of what connections to them met, by Envoy's rules.
 * Events are for any thread; everything else happens on the control loop.
 *
 * <p>An endpoint is put out only if, with it, no more than {@code maxEjectionPercent} of the
 * cluster's endpoints are out: with 10 % nobody of nine, one of ten. Envoy does so since 1.28; its
 * option {@code always_eject_one_host} is not here, Kuma never sends it. It is out for the base
 * time times how often it was out lately, at most the longest; every interval in which it is in
 * takes one from that number. A look every interval ends what is over, so an ejection may last one
 * longer.
 *
 * <p>Whoever is taken back because its time is over is on trial: as long as there are others it
 * gets one connection at a time, until one is made. So when it is still dead one connection waits
 * for it at a time, and not all that begin meanwhile.
 *
 * <p>There is no timer while there is nothing to look at: it stops after an interval without an
 * event and without an endpoint that was out lately.
 */
public final class OutlierDetector {
  private static final int WHOLE = 100;
  private static final int SERVER_ERROR = 500;
  private static final int BAD_GATEWAY = 502;
  private static final int GATEWAY_TIMEOUT = 504;

  /** Twice Kuma's connect timeout: a dial that was given up before tells nothing. */
  private static final long MOST_TRIAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What a cluster lets its detector see. */
  public interface Endpoints {
    /** What is configured now; empty ends all ejections. */
    Optional<OutlierDetection> config();

    /** Those of the cluster now, each once. */
    Collection<EndpointHealth> all();

    /** Somebody was put out or is back. */
    void changed();
  }

  private final Endpoints endpoints;
  private final EventLoop control;
  private final LongSupplier random;
  private final OutlierStats stats = new OutlierStats();
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile boolean stopped;

  /**
   * @param control its timer runs there, by its clock
   * @param random any long
   */
  public OutlierDetector(Endpoints endpoints, EventLoop control, LongSupplier random) {
    this.endpoints = endpoints;
    this.control = control;
    this.random = random;
  }

  /** Its counters. */
  public OutlierStats stats() {
    return stats;
  }

  /** Whether to dial an endpoint now: not while another dial tries who has just been taken back. */
  public static boolean mayDial(EndpointHealth endpoint, EventLoop control) {
    OutlierRecord record = endpoint.known();
    return record == null || record.mayDial(control.ticker().nanoTime(), MOST_TRIAL_NANOS);
  }

  /** A connection was made. */
  public void connected(OutlierDetection config, EndpointHealth endpoint) {
    OutlierRecord record = endpoint.record();
    record.endTrial();
    if (config.splitLocal()) {
      record.localFailures.set(0);
      record.connects.add(true);
    } else {
      record.forget();
      record.answers.add(true);
    }
    arm(config);
  }

  /** A connection could not be made: for answers that is 503, 504 when nobody answered in time. */
  public void connectFailed(OutlierDetection config, EndpointHealth endpoint) {
    endpoint.record().endDial(now());
    if (config.splitLocal()) {
      OutlierRecord record = endpoint.record();
      record.connects.add(false);
      count(
          config.consecutiveLocal(),
          record.localFailures,
          Detector.CONSECUTIVE_LOCAL_ORIGIN_FAILURE,
          endpoint);
      arm(config);
    } else {
      answered(config, endpoint, GATEWAY_TIMEOUT);
    }
  }

  /** A request was answered with this status. */
  public void answered(OutlierDetection config, EndpointHealth endpoint, int status) {
    OutlierRecord record = endpoint.record();
    boolean failed = status >= SERVER_ERROR;
    record.answers.add(!failed);
    if (failed && status >= BAD_GATEWAY && status <= GATEWAY_TIMEOUT) {
      count(
          config.consecutiveGateway(),
          record.gatewayFailures,
          Detector.CONSECUTIVE_GATEWAY_FAILURE,
          endpoint);
    } else {
      record.gatewayFailures.set(0);
    }
    if (failed) {
      count(config.consecutive5xx(), record.failures, Detector.CONSECUTIVE_5XX, endpoint);
    } else {
      record.failures.set(0);
    }
    arm(config);
  }

  private void count(
      Consecutive config, AtomicInteger inRow, Detector by, EndpointHealth endpoint) {
    int count = inRow.incrementAndGet();
    boolean enforced = config.count() > 0 && config.enforcePercent() > 0;
    if (enforced && count == config.count() && !over()) {
      control.execute(
          () -> {
            inRow.set(0);
            found(by, config.enforcePercent(), endpoint);
          });
    }
  }

  /** A probe has passed: as in Envoy, that ends an ejection. On the control loop. */
  public void probed(EndpointHealth endpoint) {
    if (endpoint.has(FAILED_OUTLIER_CHECK)) {
      takeBack(endpoint);
    }
  }

  /** The cluster is gone: no timer goes on. */
  public void stop() {
    stopped = true;
  }

  /** Whether nothing can be done any more: connections may outlive both. */
  private boolean over() {
    return stopped || control.isShuttingDown();
  }

  private void found(Detector by, int enforcePercent, EndpointHealth endpoint) {
    Optional<OutlierDetection> config = endpoints.config();
    if (stopped || config.isEmpty() || endpoint.has(FAILED_OUTLIER_CHECK)) {
      return;
    }
    stats.detected(by).increment();
    int out = out();
    Collection<EndpointHealth> all = endpoints.all();
    if (!all.contains(endpoint)) {
      return; // it left meanwhile
    }
    if (WHOLE * (out + 1) > config.get().maxEjectionPercent() * all.size()) {
      stats.overflow.increment();
    } else if (Chance.below(WHOLE, random) < enforcePercent) {
      stats.enforced(by).increment();
      stats.enforced.increment();
      eject(endpoint, config.get());
    }
  }

  private void eject(EndpointHealth endpoint, OutlierDetection config) {
    OutlierRecord record = endpoint.record();
    record.ejectedAtNanos = now();
    if (record.multiplier == 0
        || config.baseEjection().multipliedBy(record.multiplier).compareTo(longest(config)) < 0) {
      record.multiplier++;
    }
    if (endpoint.raise(FAILED_OUTLIER_CHECK)) {
      stats.active.set(out());
      endpoints.changed();
    }
    arm(config);
  }

  private static Duration longest(OutlierDetection config) {
    boolean less = config.maxEjection().compareTo(config.baseEjection()) < 0;
    return less ? config.baseEjection() : config.maxEjection();
  }

  private void takeBack(EndpointHealth endpoint) {
    endpoint.record().forget();
    lower(endpoint);
  }

  private void lower(EndpointHealth endpoint) {
    if (endpoint.lower(FAILED_OUTLIER_CHECK)) {
      stats.active.set(out());
      endpoints.changed();
    }
  }

  private int out() {
    int count = 0;
    for (EndpointHealth each : endpoints.all()) {
      count += each.has(FAILED_OUTLIER_CHECK) ? 1 : 0;
    }
    return count;
  }

  private long now() {
    return control.ticker().nanoTime();
  }

  private void arm(OutlierDetection config) {
    if (!armed.get() && !over() && armed.compareAndSet(false, true)) {
      control.schedule(this::look, config.interval().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    armed.set(false);
    Optional<OutlierDetection> config = endpoints.config();
    if (stopped || config.isEmpty()) {
      endpoints.all().forEach(this::probed);
      return;
    }
    boolean more = false;
    for (EndpointHealth endpoint : endpoints.all()) {
      OutlierRecord record = endpoint.known();
      if (record != null) {
        record.answers.close();
        record.connects.close();
        maybeTakeBack(endpoint, record, config.get());
        more |= record.multiplier > 0 || record.answers.volume() + record.connects.volume() > 0;
      }
    }
    new OutlierRates(config.get(), endpoints.all()).find(this::found);
    stats.active.set(out());
    if (more) {
      arm(config.get());
    }
  }

  private void maybeTakeBack(EndpointHealth endpoint, OutlierRecord record, OutlierDetection by) {
    if (endpoint.has(FAILED_OUTLIER_CHECK)) {
      long base = by.baseEjection().toNanos();
      long due = Math.min(base * record.multiplier, longest(by).toNanos());
      if (now() - record.ejectedAtNanos >= due) {
        record.forget();
        if (by.equals(OutlierDetection.OF_DIALS)) { // our own rule, not Envoy's: one try is enough
          record.localFailures.set(by.consecutiveLocal().count() - 1);
        }
        record.beginTrial(now()); // before anybody can choose it
        lower(endpoint);
      }
    } else if (record.multiplier > 0 && !record.triedInVain()) {
      record.multiplier--;
    }
  }
}
