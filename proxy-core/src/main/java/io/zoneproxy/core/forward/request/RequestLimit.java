package io.zoneproxy.core.forward.request;

import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.observe.request.LimitStats;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.policy.RateLimiter;
import java.util.Optional;

/** A limit of a rate of requests, shared by all event loops. Any thread. */
final class RequestLimit {
  private final HttpFilter.RateLimit spec;
  private final RateLimiter limiter;
  private final LocalReply reply;
  private final LimitStats stats;

  private RequestLimit(HttpFilter.RateLimit spec, RateLimiter limiter, LimitStats stats) {
    this.spec = spec;
    this.limiter = limiter;
    this.stats = stats;
    this.reply =
        new LocalReply(
            spec.status(),
            "local_rate_limited",
            spec.answerHeaders(),
            RequestEnd.RATE_LIMITED,
            "limit: " + limiter.bucket().text("requests"));
  }

  /** Empty when it has no bucket. */
  static Optional<RequestLimit> of(HttpFilter.RateLimit spec, LimitStats stats) {
    return spec.bucket().map(bucket -> new RequestLimit(spec, new RateLimiter(bucket), stats));
  }

  /** Takes a token; the answer when none was left and that is enforced. */
  Optional<LocalReply> refusal() {
    if (!RequestFilters.happens(spec.enabled())) {
      return Optional.empty();
    }
    stats.enabled.increment();
    if (limiter.tryTake()) {
      stats.ok.increment();
      return Optional.empty();
    }
    stats.limited.increment();
    if (!RequestFilters.happens(spec.enforced())) {
      return Optional.empty();
    }
    stats.enforced.increment();
    return Optional.of(reply);
  }
}
