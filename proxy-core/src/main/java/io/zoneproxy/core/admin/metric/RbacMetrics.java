package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;

import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.RbacStats;
import io.zoneproxy.core.observe.request.HttpStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is told of permissions: on connections by the prefix that their filter has in statistics, on
 * requests by the name of their chain.
 */
final class RbacMetrics {
  private static final List<Metric<RbacStats>> COUNTERS =
      List.of(
          counter("allowed", rbac -> rbac.allowed.sum()),
          counter("denied", rbac -> rbac.denied.sum()),
          counter("shadow_allowed", rbac -> rbac.shadowAllowed.sum()),
          counter("shadow_denied", rbac -> rbac.shadowDenied.sum()));

  private RbacMetrics() {}

  /** A prefix that several listeners have is one subject. */
  static StatGroup<RbacStats> group(List<ListenerStats> listeners, List<HttpStats> http) {
    Map<String, List<RbacStats>> byPrefix = new TreeMap<>();
    for (ListenerStats listener : listeners) {
      listener
          .rbac()
          .forEach(
              (prefix, rbac) -> byPrefix.computeIfAbsent(prefix, p -> new ArrayList<>()).add(rbac));
    }
    List<Subject<RbacStats>> subjects = new ArrayList<>();
    byPrefix.forEach((prefix, stats) -> subjects.add(subject(prefix, stats)));
    for (HttpStats each : http) {
      subjects.add(
          new Subject<>(
              "http." + each.name() + ".rbac",
              Subject.label("envoy_http_conn_manager_prefix", each.name()),
              List.of(each.rbac)));
    }
    return new StatGroup<>("envoy_rbac_", COUNTERS, subjects);
  }

  /** Envoy puts the prefix, its own dot included, before the name. */
  private static Subject<RbacStats> subject(String prefix, List<RbacStats> stats) {
    String name = prefix.endsWith(".") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return new Subject<>(
        prefix + "rbac", name.isEmpty() ? "" : Subject.label("envoy_rbac_prefix", name), stats);
  }
}
