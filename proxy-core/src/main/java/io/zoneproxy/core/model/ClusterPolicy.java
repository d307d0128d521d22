package io.zoneproxy.core.model;

import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.SubsetPolicy;
import io.zoneproxy.core.model.tls.ClientTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a cluster's endpoints are used. Equal ones should be one object: there may be 100,000
 * clusters.
 *
 * @param connectTimeout limit for one attempt to one endpoint; empty means the proxy's own ({@code
 *     --connect-timeout})
 * @param balancing among the endpoints of one priority
 * @param spread among priorities and localities
 * @param subsets what a destination's tags mean
 * @param limits of the cluster
 * @param outliers empty = nobody is put out
 * @param healthCheck empty = nobody is asked
 * @param http towards its endpoints, when a chain speaks it
 * @param tls begun towards its endpoints
 * @param dns which addresses of a name are used
 */
public record ClusterPolicy(
    Optional<Duration> connectTimeout,
    Balancing balancing,
    Spread spread,
    SubsetPolicy subsets,
    CircuitBreakers limits,
    Optional<OutlierDetection> outliers,
    Optional<HealthCheck> healthCheck,
    HttpUpstream http,
    List<TlsChoice> tls,
    DnsFamily dns) {
  /** For resource files: turns by weight, no limits. */
  public static final ClusterPolicy DEFAULT =
      new ClusterPolicy(
          Optional.empty(),
          Balancing.ROUND_ROBIN,
          Spread.DEFAULT,
          SubsetPolicy.STRICT,
          CircuitBreakers.NONE,
          Optional.empty(),
          Optional.empty(),
          HttpUpstream.DEFAULT,
          List.of(),
          DnsFamily.AUTO);

  public ClusterPolicy {
    tls = List.copyOf(tls);
  }

  /** The same with another timeout. */
  public ClusterPolicy withConnectTimeout(Duration timeout) {
    return new ClusterPolicy(
        Optional.of(timeout),
        balancing,
        spread,
        subsets,
        limits,
        outliers,
        healthCheck,
        http,
        tls,
        dns);
  }

  /**
   * Among priorities and localities.
   *
   * @param overprovisioningPercent a priority takes its share of healthy endpoints times this; 140
   *     is Envoy's default
   * @param panicPercent below this share of healthy endpoints health is not looked at; 0 = never
   * @param failOnPanic connections end then instead
   * @param localityWeighted localities have turns by their own weights
   */
  public record Spread(
      int overprovisioningPercent,
      double panicPercent,
      boolean failOnPanic,
      boolean localityWeighted) {
    /** Envoy's. */
    public static final Spread DEFAULT = new Spread(140, 50, false, false);
  }

  /**
   * TLS towards some endpoints: the first choice that fits an endpoint counts.
   *
   * @param match what must be in the endpoint's metadata {@code envoy.transport_socket_match};
   *     empty fits every endpoint
   * @param tls empty = none
   */
  public record TlsChoice(Map<String, String> match, Optional<ClientTls> tls) {
    public TlsChoice {
      match = Map.copyOf(match);
    }
  }

  /** Families of addresses of a name. */
  public enum DnsFamily {
    /** Both: IPv6 first, IPv4 when there is none. */
    AUTO,
    V4_ONLY,
    V6_ONLY,
    V4_PREFERRED,
    ALL
  }
}
