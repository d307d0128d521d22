package io.zoneproxy.cp.translate.http;

import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.cp.translate.policy.Headers;
import io.zoneproxy.cp.translate.policy.Limits;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.Optional;

/** Limits on requests, of a chain or of a route. */
final class RateLimits {
  /** Under this key a route has its own. */
  static final String KEY = "envoy.filters.http.local_ratelimit";

  private static final int TOO_MANY = 429; // and for what is no status of an error, as in Envoy
  private static final int LEAST_ERROR = 400;
  private static final int MOST_STATUS = 599;

  /** What Envoy does without a word on it. */
  private static final Fraction NONE = new Fraction(0, 100);

  private RateLimits() {}

  static HttpFilter of(LocalRateLimit from, Problems problems) {
    problems.refuse("descriptors", from.getDescriptorsCount() > 0);
    problems.refuse("rate_limits", from.getRateLimitsCount() > 0);
    problems.refuse(
        "local_rate_limit_per_downstream_connection",
        from.getLocalRateLimitPerDownstreamConnection());
    problems.refuse(
        "request_headers_to_add_when_not_enforced",
        from.getRequestHeadersToAddWhenNotEnforcedCount() > 0);
    Optional<TokenBucket> bucket =
        from.hasTokenBucket()
            ? Limits.bucket(from.getTokenBucket(), problems.at("token_bucket"))
            : Optional.empty();
    return new HttpFilter.RateLimit(
        bucket,
        status(from),
        Headers.changes(from.getResponseHeadersToAddList(), "response_headers_to_add", problems),
        share(from.hasFilterEnabled(), from.getFilterEnabled(), problems.at("filter_enabled")),
        share(from.hasFilterEnforced(), from.getFilterEnforced(), problems.at("filter_enforced")));
  }

  private static int status(LocalRateLimit from) {
    int status = from.getStatus().getCodeValue();
    return status < LEAST_ERROR || status > MOST_STATUS ? TOO_MANY : status;
  }

  private static Fraction share(boolean present, RuntimeFractionalPercent from, Problems problems) {
    return present ? Limits.fraction(from.getDefaultValue(), problems.at("default_value")) : NONE;
  }
}
