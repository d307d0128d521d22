package io.zoneproxy.core.upstream;

import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.observe.ClusterStats;
import io.zoneproxy.core.observe.OutlierStats;
import io.zoneproxy.core.upstream.health.EndpointHealth;
import io.zoneproxy.core.upstream.health.OutlierDetector;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a cluster has once a connection used it. Any thread. */
final class ClusterUse implements OutlierDetector.Endpoints {
  private final Cluster cluster;
  private final ClusterStats stats = new ClusterStats();
  private final CircuitBreaker breaker;
  private volatile @Nullable OutlierDetector detector; // null: nothing was detected on yet

  ClusterUse(Cluster cluster) {
    this.cluster = cluster;
    this.breaker = new CircuitBreaker(cluster, stats);
  }

  ClusterStats stats() {
    return stats;
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  /** Only where there is a control loop. */
  OutlierDetector detector() {
    OutlierDetector known = detector;
    return known != null ? known : makeDetector();
  }

  private synchronized OutlierDetector makeDetector() {
    OutlierDetector known = detector;
    if (known == null) {
      ClusterContext context = cluster.context();
      known =
          new OutlierDetector(
              this, Objects.requireNonNull(context.control(), "control"), context.random());
      detector = known;
    }
    return known;
  }

  @Nullable OutlierStats outlierStats() {
    OutlierDetector known = detector;
    return known == null ? null : known.stats();
  }

  /** A probe has passed. On the control loop. */
  void probed(EndpointHealth endpoint) {
    OutlierDetector known = detector;
    if (known != null) {
      known.probed(endpoint);
    }
  }

  void close() {
    OutlierDetector known = detector;
    if (known != null) {
      known.stop();
    }
  }

  @Override
  public Optional<OutlierDetection> config() {
    return cluster.spec().policy().outliers().or(() -> Optional.of(OutlierDetection.OF_DIALS));
  }

  @Override
  public Collection<EndpointHealth> all() {
    return cluster.endpoints().stream().map(Endpoint::health).collect(Collectors.toSet());
  }

  @Override
  public void changed() {
    cluster.onHealthChanged();
  }
}
