package io.zoneproxy.egress.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HealthCheck.Probe;
import io.zoneproxy.core.model.balance.HealthCheck.Statuses;
import io.zoneproxy.core.model.balance.HealthCheck.Times;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.ingress.policy.RateLimits;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/** Asks endpoints whether they are well, as Kuma has it where nothing is written. */
final class Probes {
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration NO_TRAFFIC = Duration.ofSeconds(60); // Envoy's
  private static final int UNHEALTHY = 5;
  private static final int HEALTHY = 1;

  private Probes() {}

  /**
   * @param protocol of the service, which chooses among the probes that are written
   */
  static Optional<HealthCheck> of(Settings set, String protocol) {
    return probe(set, protocol).map(probe -> new HealthCheck(times(set), probe));
  }

  private static Optional<Probe> probe(Settings set, String protocol) {
    boolean grpc = protocol.equals("grpc");
    boolean http = protocol.equals("http") || protocol.equals("http2");
    if (grpc && isOn(set, "grpc")) {
      return Optional.of(
          new HealthCheck.Grpc(
              set.text("grpc.serviceName").orElse(""), set.text("grpc.authority").orElse("")));
    }
    if (http && isOn(set, "http")) {
      return Optional.of(http(set, protocol.equals("http2")));
    }
    // another protocol's word takes over only where its own says that it is off
    boolean own = !(grpc || http) || set.has(grpc ? "grpc" : "http");
    return own && isOn(set, "tcp") ? Optional.of(tcp(set)) : Optional.empty();
  }

  private static boolean isOn(Settings set, String section) {
    return set.has(section) && !set.flag(section + ".disabled");
  }

  private static Probe http(Settings set, boolean http2) {
    return new HealthCheck.Http(
        "",
        set.text("http.path").orElse("/"),
        set.numbers("http.expectedStatuses").stream()
            .map(status -> new Statuses(status, status + 1))
            .toList(),
        RateLimits.headers(set, "http.requestHeadersToAdd."),
        http2);
  }

  /** The text as it stands, as a control plane has it: what looks like Base64 too. */
  private static Probe tcp(Settings set) {
    return new HealthCheck.Tcp(
        set.text("tcp.send").map(Probes::hex).orElse(""),
        set.texts("tcp.receive").stream().map(Probes::hex).toList());
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  private static Times times(Settings set) {
    return new Times(
        set.time("timeout").orElse(TIMEOUT),
        set.time("interval").orElse(INTERVAL),
        set.time("noTrafficInterval").orElse(NO_TRAFFIC),
        set.time("initialJitter").orElse(Duration.ZERO),
        set.time("intervalJitter").orElse(Duration.ZERO),
        set.number("intervalJitterPercent").orElse(0),
        set.number("unhealthyThreshold").orElse(UNHEALTHY),
        set.number("healthyThreshold").orElse(HEALTHY),
        !set.has("reuseConnection") || set.flag("reuseConnection"));
  }
}
