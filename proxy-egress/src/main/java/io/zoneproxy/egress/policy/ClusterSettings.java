package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterPolicy.Spread;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.balance.OutlierDetection;
import java.util.List;
import java.util.Optional;

/**
 * What policies make of a cluster.
 *
 * @param balancing among its endpoints
 * @param spread among priorities
 * @param limits of the cluster
 * @param outliers empty = nobody is put out
 * @param check empty = nobody is asked
 * @param timeouts towards its endpoints
 */
public record ClusterSettings(
    Balancing balancing,
    Spread spread,
    CircuitBreakers limits,
    Optional<OutlierDetection> outliers,
    Optional<HealthCheck> check,
    UpstreamTimeouts timeouts) {
  /** As a control plane has it where no policy says anything: Envoy's limits. */
  public static final ClusterSettings NONE =
      new ClusterSettings(
          ClusterPolicy.DEFAULT.balancing(),
          Spread.DEFAULT,
          CircuitBreakers.ENVOY,
          Optional.empty(),
          Optional.empty(),
          UpstreamTimeouts.NONE);

  /**
   * The whole policy of a cluster; all else is as in resource files at large.
   *
   * @param http what is spoken with its endpoints
   * @param tls begun towards them
   */
  public ClusterPolicy policy(HttpUpstream.Version http, List<TlsChoice> tls) {
    ClusterPolicy from = ClusterPolicy.DEFAULT;
    return new ClusterPolicy(
        timeouts.connect(),
        balancing,
        spread,
        from.subsets(),
        limits,
        outliers,
        check,
        timeouts.with(http),
        tls,
        from.dns());
  }
}
