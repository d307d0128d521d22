package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.StringMatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The route of callers who are not treated as everybody is.
 *
 * @param callers what each note of a caller must hold, by its key
 * @param requests limit of all who take it together; empty = none
 * @param response until it is whole; zero = none
 * @param stillness of a request on which nothing moves; empty = the chain's
 */
public record CallerRoute(
    Map<String, StringMatch> callers,
    Optional<HttpFilter> requests,
    Duration response,
    Optional<Duration> stillness) {
  public CallerRoute {
    callers = Map.copyOf(callers);
  }

  /** Those of them who are also these, with other times. */
  CallerRoute and(String key, SomeCallers some) {
    return new CallerRoute(
        with(key, some.who()),
        requests,
        Timeouts.response(some.settings()).orElse(response),
        Timeouts.stillness(some.settings()).or(() -> stillness));
  }

  /** Those of them who are also these, with another limit. */
  CallerRoute and(String key, StringMatch who, Optional<HttpFilter> limit) {
    return new CallerRoute(with(key, who), limit, response, stillness);
  }

  private Map<String, StringMatch> with(String key, StringMatch who) {
    Map<String, StringMatch> all = new HashMap<>(callers);
    all.put(key, who);
    return all;
  }
}
