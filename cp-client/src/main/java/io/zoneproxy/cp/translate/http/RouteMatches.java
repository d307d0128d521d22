package io.zoneproxy.cp.translate.http;

import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.StringMatch.Kind;
import io.zoneproxy.cp.translate.policy.Headers;
import io.zoneproxy.cp.translate.policy.StringMatches;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which requests a route takes. */
final class RouteMatches {
  private RouteMatches() {}

  static Optional<RouteTable.RouteMatch> of(RouteMatch from, Problems problems) {
    problems.refuse("runtime_fraction", from.hasRuntimeFraction());
    problems.refuse("query_parameters", from.getQueryParametersCount() > 0);
    problems.refuse("grpc", from.hasGrpc());
    problems.refuse("tls_context", from.hasTlsContext());
    problems.refuse("dynamic_metadata", from.getDynamicMetadataCount() > 0);
    var headers = Headers.matches(from.getHeadersList(), "headers", problems);
    Map<String, StringMatch> state = state(from.getFilterStateList(), problems);
    return path(from, problems).map(path -> new RouteTable.RouteMatch(path, headers, state));
  }

  private static Optional<StringMatch> path(RouteMatch from, Problems problems) {
    boolean ignoreCase = from.hasCaseSensitive() && !from.getCaseSensitive().getValue();
    return switch (from.getPathSpecifierCase()) {
      case PREFIX -> Optional.of(new StringMatch(Kind.PREFIX, from.getPrefix(), ignoreCase));
      case PATH -> Optional.of(new StringMatch(Kind.EXACT, from.getPath(), ignoreCase));
      case SAFE_REGEX -> StringMatches.regex(from.getSafeRegex(), problems.at("safe_regex"));
      default -> {
        problems.add(from.getPathSpecifierCase(), "prefix, path or safe_regex");
        yield Optional.empty();
      }
    };
  }

  private static Map<String, StringMatch> state(List<FilterStateMatcher> from, Problems problems) {
    Map<String, StringMatch> state = new LinkedHashMap<>();
    for (int i = 0; i < from.size(); i++) {
      FilterStateMatcher each = from.get(i);
      Problems at = problems.at("filter_state", i);
      if (!each.hasStringMatch()) {
        at.add(each.getMatcherCase(), "string_match");
        continue;
      }
      Optional<StringMatch> match = StringMatches.of(each.getStringMatch(), at.at("string_match"));
      if (match.isPresent() && state.put(each.getKey(), match.get()) != null) {
        at.at("key").add(each.getKey(), "each key once");
      }
    }
    return state;
  }
}
