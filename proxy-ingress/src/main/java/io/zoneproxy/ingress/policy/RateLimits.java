package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.core.resource.policy.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Limits of a rate, as a MeshRateLimit has them. */
public final class RateLimits {
  /** RFC 6585 §4. */
  private static final int TOO_MANY = 429;

  /** A bucket is filled at most so often, whatever was written: so Envoy has it. */
  private static final Duration LEAST_FILL = Duration.ofMillis(50);

  private RateLimits() {}

  /** Of connections. */
  public static Optional<TokenBucket> connections(Settings set) {
    return set.flag("local.tcp.disabled")
        ? Optional.empty()
        : bucket(set, "local.tcp.connectionRate.");
  }

  /**
   * What rules for some callers say of requests: of connections nothing that counts, as in Kuma.
   */
  public static List<ChainRules.Part> ofRequests(ChainRules rules) {
    return rules.some().stream().filter(part -> part.settings().has("local.http")).toList();
  }

  /** Of requests. */
  public static Optional<HttpFilter> requests(Settings set) {
    if (set.flag("local.http.disabled")) {
      return Optional.empty();
    }
    return bucket(set, "local.http.requestRate.")
        .map(
            bucket ->
                new HttpFilter.RateLimit(
                    Optional.of(bucket),
                    set.number("local.http.onRateLimit.status").orElse(TOO_MANY),
                    headers(set, "local.http.onRateLimit.headers."),
                    Fraction.ALL,
                    Fraction.ALL));
  }

  private static Optional<TokenBucket> bucket(Settings set, String path) {
    Optional<Integer> count = set.number(path + "num");
    Optional<Duration> every =
        set.time(path + "interval").map(time -> time.compareTo(LEAST_FILL) < 0 ? LEAST_FILL : time);
    return count.flatMap(number -> every.map(time -> new TokenBucket(number, number, time)));
  }

  /** Added ones first, then those that are set. */
  public static List<HeaderChange> headers(Settings set, String path) {
    List<HeaderChange> changes = new ArrayList<>();
    set.parts(path + "add").forEach(header -> changes.add(change(header, true)));
    set.parts(path + "set").forEach(header -> changes.add(change(header, false)));
    return changes;
  }

  private static HeaderChange change(Settings header, boolean append) {
    return new HeaderChange(
        header.text("name").orElse(""), header.text("value").orElse(""), append);
  }
}
