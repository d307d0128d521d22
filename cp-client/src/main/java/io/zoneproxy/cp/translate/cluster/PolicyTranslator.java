package io.zoneproxy.cp.translate.cluster;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterPolicy.DnsFamily;
import io.zoneproxy.core.model.ClusterPolicy.Spread;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.cp.translate.tls.TlsTranslator;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a cluster says of how its endpoints are used. */
final class PolicyTranslator {
  private final Interned interned;

  PolicyTranslator(Interned interned) {
    this.interned = interned;
  }

  ClusterPolicy translate(Cluster from, Problems problems) {
    return interned.one(
        new ClusterPolicy(
            Numbers.positive(
                from.hasConnectTimeout(), from.getConnectTimeout(), problems.at("connect_timeout")),
            Balancings.of(from, problems),
            spread(from.getCommonLbConfig(), problems.at("common_lb_config")),
            Subsets.of(from, problems.at("lb_subset_config")),
            Breakers.of(from.getCircuitBreakers(), problems.at("circuit_breakers")),
            from.hasOutlierDetection()
                ? Optional.of(
                    Outliers.of(from.getOutlierDetection(), problems.at("outlier_detection")))
                : Optional.empty(),
            healthCheck(from, problems),
            http(from, problems),
            tls(from, problems),
            dns(from.getDnsLookupFamily(), problems.at("dns_lookup_family"))));
  }

  private static Spread spread(CommonLbConfig from, Problems problems) {
    double panic = Spread.DEFAULT.panicPercent();
    if (from.hasHealthyPanicThreshold()) {
      panic = from.getHealthyPanicThreshold().getValue();
      if (!(panic >= 0 && panic <= 100)) {
        problems.at("healthy_panic_threshold").at("value").add(panic, "0 to 100");
      }
    }
    return new Spread(
        Spread.DEFAULT.overprovisioningPercent(),
        panic,
        from.getZoneAwareLbConfig().getFailTrafficOnPanic(),
        from.hasLocalityWeightedLbConfig());
  }

  private static Optional<HealthCheck> healthCheck(Cluster from, Problems problems) {
    // kuma-cp repeats one check for each mesh that it serves. Envoy refuses every second one; one
    // that says the same changes nothing.
    long different = from.getHealthChecksList().stream().distinct().count();
    if (different > 1) {
      problems.at("health_checks").add(different + " different checks", "at most one");
    }
    return from.getHealthChecksCount() == 0
        ? Optional.empty()
        : HealthChecks.of(from.getHealthChecks(0), problems.at("health_checks", 0));
  }

  private static HttpUpstream http(Cluster from, Problems problems) {
    HttpUpstream http = HttpUpstream.DEFAULT;
    for (Map.Entry<String, Any> each : from.getTypedExtensionProtocolOptionsMap().entrySet()) {
      Problems at = problems.in("typed_extension_protocol_options", each.getKey());
      if (each.getKey().equals(HttpUpstreams.KEY)) {
        http = HttpUpstreams.of(each.getValue(), at);
      } else {
        at.add("set", HttpUpstreams.KEY);
      }
    }
    return http;
  }

  /** The choices, and at the end what all others get. */
  private List<TlsChoice> tls(Cluster from, Problems problems) {
    List<TlsChoice> choices = new ArrayList<>();
    for (int i = 0; i < from.getTransportSocketMatchesCount(); i++) {
      Cluster.TransportSocketMatch each = from.getTransportSocketMatches(i);
      Problems at = problems.at("transport_socket_matches", i);
      choices.add(
          new TlsChoice(
              Tags.of(each.getMatch(), interned, at.at("match")),
              TlsTranslator.upstream(each.getTransportSocket(), at.at("transport_socket"))));
    }
    if (from.hasTransportSocket()) {
      choices.add(
          new TlsChoice(
              Map.of(),
              TlsTranslator.upstream(from.getTransportSocket(), problems.at("transport_socket"))));
    }
    return choices;
  }

  private static DnsFamily dns(Cluster.DnsLookupFamily from, Problems problems) {
    return switch (from) {
      case AUTO -> DnsFamily.AUTO;
      case V4_ONLY -> DnsFamily.V4_ONLY;
      case V6_ONLY -> DnsFamily.V6_ONLY;
      case V4_PREFERRED -> DnsFamily.V4_PREFERRED;
      case ALL -> DnsFamily.ALL;
      default -> {
        problems.add(from, "AUTO, V4_ONLY, V6_ONLY, V4_PREFERRED or ALL");
        yield DnsFamily.AUTO;
      }
    };
  }
}
