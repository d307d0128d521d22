package io.zoneproxy.core.model.http;

import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.core.model.policy.HeaderMatch;
import io.zoneproxy.core.model.policy.StringMatch;
import java.util.List;
import java.util.Map;

/**
 * Where the requests of a chain go.
 *
 * @param name of the route configuration
 * @param hosts the one whose domains fit takes a request
 * @param headers changed on every request
 */
public record RouteTable(String name, List<VirtualHost> hosts, Headers headers) {
  public RouteTable {
    hosts = List.copyOf(hosts);
  }

  /** Where requests are forwarded to: one for each route that does, in order. */
  public List<Destination> destinations() {
    return hosts.stream()
        .flatMap(host -> host.routes().stream())
        .map(Route::action)
        .filter(RouteAction.Forward.class::isInstance)
        .map(action -> ((RouteAction.Forward) action).to())
        .toList();
  }

  /**
   * Routes of some domains.
   *
   * @param domains lower case; {@code *} takes all
   * @param routes the first that fits takes a request
   */
  public record VirtualHost(String name, List<String> domains, List<Route> routes) {
    public VirtualHost {
      domains = List.copyOf(domains);
      routes = List.copyOf(routes);
    }
  }

  /**
   * One route.
   *
   * @param name "" when it has none
   * @param match which requests
   * @param action what becomes of them
   * @param headers changed on them
   * @param limit takes the place of what the chain's rate limit says; null-free: {@link
   *     HttpFilter#OFF} when there is none
   */
  public record Route(
      String name, RouteMatch match, RouteAction action, Headers headers, HttpFilter limit) {}

  /**
   * Which requests: everything must fit.
   *
   * @param path against the path, without the query
   * @param headers all of them
   * @param state keys of the filter state and what they must hold; a key that is not there does not
   *     fit
   */
  public record RouteMatch(
      StringMatch path, List<HeaderMatch> headers, Map<String, StringMatch> state) {
    public RouteMatch {
      headers = List.copyOf(headers);
      state = Map.copyOf(state);
    }
  }

  /**
   * Changes of headers.
   *
   * @param request set on requests
   * @param requestRemoved taken out of requests, lower-case names
   * @param response set on responses
   * @param responseRemoved taken out of responses, lower-case names
   */
  public record Headers(
      List<HeaderChange> request,
      List<String> requestRemoved,
      List<HeaderChange> response,
      List<String> responseRemoved) {
    /** None. */
    public static final Headers NONE = new Headers(List.of(), List.of(), List.of(), List.of());

    public Headers {
      request = List.copyOf(request);
      requestRemoved = List.copyOf(requestRemoved);
      response = List.copyOf(response);
      responseRemoved = List.copyOf(responseRemoved);
    }
  }
}
