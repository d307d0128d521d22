package io.zoneproxy.cp.translate.http;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.cp.translate.policy.Headers;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where requests go. */
final class RouteTranslator {
  private final RouteActions actions;

  RouteTranslator(Interned interned) {
    actions = new RouteActions(interned);
  }

  RouteTable translate(RouteConfiguration from, Problems problems) {
    refuse(from.getTypedPerFilterConfigCount(), problems);
    List<RouteTable.VirtualHost> hosts = new ArrayList<>(from.getVirtualHostsCount());
    for (int i = 0; i < from.getVirtualHostsCount(); i++) {
      hosts.add(host(from.getVirtualHosts(i), problems.at("virtual_hosts", i)));
    }
    RouteTable.Headers headers =
        headers(
            from.getRequestHeadersToAddList(),
            from.getRequestHeadersToRemoveList(),
            from.getResponseHeadersToAddList(),
            from.getResponseHeadersToRemoveList(),
            problems);
    return new RouteTable(from.getName(), hosts, headers);
  }

  private static void refuse(int perFilter, Problems problems) {
    if (perFilter > 0) {
      problems.at("typed_per_filter_config").add("set", "at routes only");
    }
  }

  private RouteTable.VirtualHost host(VirtualHost from, Problems problems) {
    refuse(from.getTypedPerFilterConfigCount(), problems);
    if (from.getDomainsCount() == 0) {
      problems.at("domains").add("none", "at least one");
    }
    if (from.getRequireTls() != VirtualHost.TlsRequirementType.NONE) {
      problems.at("require_tls").add(from.getRequireTls(), "NONE");
    }
    RouteTable.Headers headers =
        headers(
            from.getRequestHeadersToAddList(),
            from.getRequestHeadersToRemoveList(),
            from.getResponseHeadersToAddList(),
            from.getResponseHeadersToRemoveList(),
            problems);
    List<RouteTable.Route> routes = new ArrayList<>(from.getRoutesCount());
    for (int i = 0; i < from.getRoutesCount(); i++) {
      route(from.getRoutes(i), headers, problems.at("routes", i)).ifPresent(routes::add);
    }
    List<String> domains =
        from.getDomainsList().stream().map(domain -> domain.toLowerCase(Locale.ROOT)).toList();
    return new RouteTable.VirtualHost(from.getName(), domains, routes);
  }

  private Optional<RouteTable.Route> route(
      Route from, RouteTable.Headers ofHost, Problems problems) {
    var match = RouteMatches.of(from.getMatch(), problems.at("match"));
    Optional<RouteAction> action = actions.of(from, problems);
    RouteTable.Headers own =
        headers(
            from.getRequestHeadersToAddList(),
            from.getRequestHeadersToRemoveList(),
            from.getResponseHeadersToAddList(),
            from.getResponseHeadersToRemoveList(),
            problems);
    HttpFilter limit = limit(from.getTypedPerFilterConfigMap(), problems);
    return match.isPresent() && action.isPresent()
        ? Optional.of(
            new RouteTable.Route(
                from.getName(), match.get(), action.get(), joined(own, ofHost), limit))
        : Optional.empty();
  }

  /** The messages of all three levels name these fields alike. */
  private static RouteTable.Headers headers(
      List<HeaderValueOption> request,
      List<String> requestRemoved,
      List<HeaderValueOption> response,
      List<String> responseRemoved,
      Problems problems) {
    return new RouteTable.Headers(
        Headers.changes(request, "request_headers_to_add", problems),
        Headers.names(requestRemoved),
        Headers.changes(response, "response_headers_to_add", problems),
        Headers.names(responseRemoved));
  }

  /** The route's changes come before those of its virtual host, as in Envoy. */
  private static RouteTable.Headers joined(RouteTable.Headers route, RouteTable.Headers host) {
    if (host.equals(RouteTable.Headers.NONE)) {
      return route;
    }
    return new RouteTable.Headers(
        changes(route.request(), host.request()),
        names(route.requestRemoved(), host.requestRemoved()),
        changes(route.response(), host.response()),
        names(route.responseRemoved(), host.responseRemoved()));
  }

  private static List<HeaderChange> changes(List<HeaderChange> first, List<HeaderChange> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  private static List<String> names(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  private static HttpFilter limit(Map<String, Any> from, Problems problems) {
    HttpFilter limit = HttpFilter.OFF;
    for (Map.Entry<String, Any> each : from.entrySet()) {
      Problems at = problems.in("typed_per_filter_config", each.getKey());
      if (each.getKey().equals(RateLimits.KEY)) {
        limit =
            Typed.read(each.getValue(), LocalRateLimit.getDescriptor(), LocalRateLimit.parser(), at)
                .map(config -> RateLimits.of(config, at))
                .orElse(HttpFilter.OFF);
      } else {
        at.add(Typed.named(each.getValue()), RateLimits.KEY);
      }
    }
    return limit;
  }
}
