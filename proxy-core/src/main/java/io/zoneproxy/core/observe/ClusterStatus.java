package io.zoneproxy.core.observe;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as the admin port shows it.
 *
 * @param name its name
 * @param statName its name in statistics
 * @param endpoints all of them, every priority
 * @param stats its counters, null as long as no connection used it (they are made when needed)
 * @param limits of its circuit breaker
 * @param outliers counters of its outlier detection, null as long as it saw nothing
 * @param checks counters of its health checks, null when it has none
 */
public record ClusterStatus(
    String name,
    String statName,
    List<EndpointStatus> endpoints,
    @Nullable ClusterStats stats,
    CircuitBreakers limits,
    @Nullable OutlierStats outliers,
    @Nullable HealthCheckStats checks) {
  /** A cluster without limits, outlier detection and checks. */
  public ClusterStatus(
      String name, String statName, List<EndpointStatus> endpoints, @Nullable ClusterStats stats) {
    this(name, statName, endpoints, stats, CircuitBreakers.NONE, null, null);
  }

  /**
   * HTTP with an endpoint.
   *
   * @param connections open now
   * @param total requests that got a connection
   * @param success of them those answered with less than 500
   * @param error those answered with 500 or more, or not at all
   * @param timeout those not answered in time; they are errors too
   */
  public record Requests(long connections, long total, long success, long error, long timeout) {}

  /**
   * One endpoint.
   *
   * @param address as configured
   * @param locality where it runs
   * @param priority 0 first
   * @param weight its share
   * @param resolved whether an address to dial is known (always, for an IP literal)
   * @param active connections open now; where HTTP is spoken, requests under way
   * @param total connections made
   * @param connectFail attempts that failed
   * @param flags why it is not healthy; none when it is
   * @param proxy whom we ask for the way to it; "" = nobody
   * @param requests what is counted apart from connections; empty where no HTTP was spoken
   * @param barred why none of the addresses that are known for its name may be dialed; "" when some
   *     may, or none is known
   */
  public record EndpointStatus(
      Address address,
      Locality locality,
      int priority,
      int weight,
      boolean resolved,
      long active,
      long total,
      long connectFail,
      Set<HealthFlag> flags,
      String proxy,
      Optional<Requests> requests,
      String barred) {
    /** One that is dialed itself. */
    public EndpointStatus(
        Address address,
        Locality locality,
        int priority,
        int weight,
        boolean resolved,
        long active,
        long total,
        long connectFail,
        Set<HealthFlag> flags) {
      this(
          address,
          locality,
          priority,
          weight,
          resolved,
          active,
          total,
          connectFail,
          flags,
          "",
          Optional.empty(),
          "");
    }

    public EndpointStatus {
      flags = Set.copyOf(flags);
    }

    /** Whether it may be chosen. */
    public boolean healthy() {
      return flags.isEmpty();
    }
  }
}
