package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.Balancing.Hash;
import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.model.balance.HashPolicy.Source;
import io.zoneproxy.core.resource.policy.Settings;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** How endpoints are chosen. Defaults are Envoy's. */
final class Balancers {
  private static final String OF = "loadBalancer.";
  private static final int CHOICES = 2;
  private static final double BIAS = 1.0;
  private static final int RING_LEAST = 1024;
  private static final int RING_MOST = 8 << 20; // points
  private static final int MAGLEV = 65_537;

  private Balancers() {}

  static Balancing of(Settings set) {
    return switch (type(set)) {
      case "LeastRequest" ->
          new Balancing.LeastRequest(
              set.number(OF + "leastRequest.choiceCount").orElse(CHOICES),
              set.decimal(OF + "leastRequest.activeRequestBias")
                  .map(BigDecimal::doubleValue)
                  .orElse(BIAS));
      case "RingHash" -> ring(set);
      case "Maglev" -> new Balancing.Maglev(set.number(OF + "maglev.tableSize").orElse(MAGLEV));
      case "Random" -> new Balancing.Random();
      default -> Balancing.ROUND_ROBIN;
    };
  }

  private static Balancing ring(Settings set) {
    boolean murmur =
        set.text(OF + "ringHash.hashFunction").filter("MurmurHash2"::equals).isPresent();
    int least = set.number(OF + "ringHash.minRingSize").orElse(RING_LEAST);
    int most = set.number(OF + "ringHash.maxRingSize").orElse(RING_MOST);
    return new Balancing.RingHash(
        murmur ? Hash.MURMUR_HASH_2 : Hash.XX_HASH, Math.min(least, most), most);
  }

  /** Looked at by balancers by hash alone; those beside the balancer replace those within. */
  static List<HashPolicy> hash(Settings set) {
    String within =
        switch (type(set)) {
          case "RingHash" -> OF + "ringHash.hashPolicies";
          case "Maglev" -> OF + "maglev.hashPolicies";
          default -> "";
        };
    if (within.isEmpty()) {
      return List.of();
    }
    return set.parts(set.has("hashPolicies") ? "hashPolicies" : within).stream()
        .flatMap(
            each ->
                source(each).stream().map(source -> new HashPolicy(source, each.flag("terminal"))))
        .toList();
  }

  private static Optional<Source> source(Settings set) {
    return switch (set.text("type").orElse("")) {
      case "Header" -> set.text("header.name").map(HashPolicy.Header::new);
      case "Cookie" ->
          set.text("cookie.name")
              .map(
                  name ->
                      new HashPolicy.Cookie(
                          name, set.time("cookie.ttl"), set.text("cookie.path").orElse("")));
      case "QueryParameter" -> set.text("queryParameter.name").map(HashPolicy.QueryParameter::new);
      case "FilterState" -> set.text("filterState.key").map(HashPolicy.FilterState::new);
      case "SourceIP" -> Optional.of(new HashPolicy.SourceAddress());
      case "Connection" ->
          set.flag("connection.sourceIP")
              ? Optional.of(new HashPolicy.SourceAddress())
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static String type(Settings set) {
    return set.text(OF + "type").orElse("");
  }
}
