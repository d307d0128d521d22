package io.zoneproxy.egress.policy;

import io.zoneproxy.ingress.policy.ChainRules;
import io.zoneproxy.ingress.policy.RateLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes the routes of callers whom rules name. A caller for whom there is a limit and a time has
 * both. kuma-cp means that too, but notes a caller for the first of its policies only, so that the
 * times do not count where there are limits.
 */
final class CallerRoutes {
  // kuma-cp's keys
  private static final String OF_LIMITS = "kuma.mesh_rate_limit.match.spiffe_id";
  private static final String OF_TIMEOUTS = "kuma.mesh_timeout.match.spiffe_id";

  private CallerRoutes() {}

  /**
   * Those that stand before everybody's, in order.
   *
   * @param limits of a chain
   * @param timeouts of the same
   */
  static List<CallerRoute> of(ChainRules limits, ChainRules timeouts) {
    CallTimeouts times = Timeouts.ofCalls(timeouts.layers());
    CallerRoute everybody =
        new CallerRoute(
            Map.of(), RateLimits.requests(limits.everybody()), times.response(), times.stillness());
    List<CallerRoute> limited = limited(everybody, limits);
    limited.add(everybody);
    List<SomeCallers> timed = Timeouts.ofSome(timeouts);
    List<CallerRoute> routes = new ArrayList<>();
    for (CallerRoute each : limited) {
      for (SomeCallers some : timed) {
        if (each.callers().values().stream().allMatch(some::overlaps)) {
          routes.add(each.and(OF_TIMEOUTS, some));
        }
      }
      routes.add(each);
    }
    return routes.subList(0, routes.size() - 1); // the last one is everybody's
  }

  /** None when nobody has a limit: a rule may take one away. */
  private static List<CallerRoute> limited(CallerRoute everybody, ChainRules limits) {
    List<CallerRoute> routes = new ArrayList<>();
    for (SomeCallers some : SomeCallers.of(limits.everybody(), RateLimits.ofRequests(limits))) {
      routes.add(everybody.and(OF_LIMITS, some.who(), RateLimits.requests(some.settings())));
    }
    boolean any = routes.stream().anyMatch(route -> route.requests().isPresent());
    return any || everybody.requests().isPresent() ? routes : new ArrayList<>();
  }
}
