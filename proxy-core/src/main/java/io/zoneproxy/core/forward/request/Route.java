package io.zoneproxy.core.forward.request;

import io.zoneproxy.core.http.route.HeaderEdits;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.RouteTable.RouteMatch;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.policy.HeaderTest;
import io.zoneproxy.core.text.TextTest;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Upstreams;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** One compiled route. Immutable, but for the tokens of its limit. */
public final class Route {
  private final RouteTable.Route spec;
  private final Predicate<String> path;
  private final List<HeaderTest> headers;
  private final Map<String, Predicate<String>> state = new HashMap<>();
  private final HeaderEdits edits;
  private final Optional<RequestLimit> limit;
  private final Optional<Upstreams> upstreams;

  private Route(
      RouteTable.Route spec,
      HeaderEdits edits,
      Function<String, Cluster> clusters,
      Optional<RequestLimit> limit) {
    RouteMatch match = spec.match();
    this.spec = spec;
    this.path = TextTest.of(match.path());
    this.headers = HeaderTest.of(match.headers());
    match.state().forEach((key, value) -> state.put(key, TextTest.of(value)));
    this.edits = edits;
    this.limit = limit;
    this.upstreams =
        spec.action() instanceof RouteAction.Forward forward
            ? Optional.of(Upstreams.of(forward.to(), clusters))
            : Optional.empty();
  }

  /**
   * Compiles.
   *
   * @param common changes of headers on all routes
   * @param limit its own, or one that it shares; empty = none
   * @throws IllegalArgumentException for what cannot be decided or done here
   */
  static Route of(
      RouteTable.Route spec,
      RouteTable.Headers common,
      Function<String, Cluster> clusters,
      Optional<RequestLimit> limit) {
    return new Route(spec, HeaderEdits.of(spec.headers(), common), clusters, limit);
  }

  /** Whether a request takes it. */
  boolean takes(ForwardedRequest request) {
    return path.test(request.path())
        && HeaderTest.allFit(headers, request)
        && (state.isEmpty() || stateFits(request.peer().filterState()));
  }

  private boolean stateFits(Map<String, String> noted) {
    for (Map.Entry<String, Predicate<String>> test : state.entrySet()) {
      String value = noted.get(test.getKey());
      if (value == null || !test.getValue().test(value)) {
        return false;
      }
    }
    return true;
  }

  /** As it is configured; "" when it has none. */
  public String name() {
    return spec.name();
  }

  public RouteAction action() {
    return spec.action();
  }

  /** Where it forwards to; empty when it answers by itself. */
  public Optional<Upstreams> upstreams() {
    return upstreams;
  }

  public HeaderEdits edits() {
    return edits;
  }

  /** Its own limit, which takes the place of the chain's. */
  Optional<RequestLimit> limit() {
    return limit;
  }

  /**
   * The path and query that the upstream is asked for: what matched is replaced, the prefix or the
   * whole path, when the route says so.
   */
  String rewritten(String uri, RouteAction.Forward forward) {
    if (forward.prefixRewrite().isEmpty()) {
      return uri;
    }
    StringMatch matched = spec.match().path();
    int query = uri.indexOf('?');
    int end = query < 0 ? uri.length() : query;
    int from = matched.kind() == StringMatch.Kind.PREFIX ? matched.value().length() : end;
    return forward.prefixRewrite().get() + uri.substring(Math.min(from, uri.length()));
  }
}
