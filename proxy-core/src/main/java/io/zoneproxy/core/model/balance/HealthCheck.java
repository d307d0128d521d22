package io.zoneproxy.core.model.balance;

import io.zoneproxy.core.model.policy.HeaderChange;
import java.time.Duration;
import java.util.List;

/**
 * Asks endpoints whether they are well.
 *
 * @param times how often
 * @param probe what is asked
 */
public record HealthCheck(Times times, Probe probe) {
  /**
   * The rhythm.
   *
   * @param timeout for one answer
   * @param interval between two
   * @param noTrafficInterval instead, while the cluster has carried no traffic
   * @param initialJitter at most so much before the first
   * @param intervalJitter at most so much more each time
   * @param intervalJitterPercent at most so much of the interval more each time
   * @param unhealthyThreshold failures in a row until it is left out
   * @param healthyThreshold successes in a row until it is back; for the first time one is enough
   * @param reuseConnection whether one connection serves several probes
   */
  public record Times(
      Duration timeout,
      Duration interval,
      Duration noTrafficInterval,
      Duration initialJitter,
      Duration intervalJitter,
      int intervalJitterPercent,
      int unhealthyThreshold,
      int healthyThreshold,
      boolean reuseConnection) {}

  /** What is asked. */
  public sealed interface Probe {}

  /**
   * Connects, sends, and looks for parts of what comes back.
   *
   * @param send bytes in hexadecimal digits; "" sends nothing
   * @param receive to be found in this order, in hexadecimal digits; none = connecting is enough
   */
  public record Tcp(String send, List<String> receive) implements Probe {
    public Tcp {
      receive = List.copyOf(receive);
    }
  }

  /**
   * A request of HTTP.
   *
   * @param expected statuses that are well; none = 200
   */
  public record Http(
      String host, String path, List<Statuses> expected, List<HeaderChange> headers, boolean http2)
      implements Probe {
    public Http {
      expected = List.copyOf(expected);
      headers = List.copyOf(headers);
    }
  }

  /** From one status up to another, that one left out. */
  public record Statuses(int from, int before) {}

  /** A request of gRPC's health service. */
  public record Grpc(String service, String authority) implements Probe {}
}
