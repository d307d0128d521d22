package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.observe.access.format.ForwardedFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/**
 * What decides about the connections and requests of a chain, and what is seen of them, in words.
 */
final class FilterText {
  private FilterText() {}

  /** In order, those of requests behind those of connections; empty = nobody is asked. */
  static List<String> of(ChainSpec chain) {
    List<String> texts = new ArrayList<>();
    chain.tls().ifPresent(tls -> texts.add(tls.clients().isPresent() ? mutual() : "TLS ends here"));
    for (NetworkFilter filter : chain.filters()) {
      if (filter instanceof NetworkFilter.Rbac rbac) {
        texts.add("permissions: " + text(rbac.spec()));
      } else if (filter instanceof NetworkFilter.RateLimit limit) {
        texts.add("rate limit: " + limit.bucket().text("connections"));
      }
    }
    if (chain.terminal() instanceof Terminal.HttpProxy proxy) {
      proxy.http().filters().forEach(filter -> add(filter, "", texts));
      texts.addAll(limits(proxy.http()));
      proxy.http().accessLogs().forEach(log -> texts.add(text(log)));
      proxy.http().tracing().ifPresent(tracing -> texts.add(text(tracing)));
    } else if (chain.terminal() instanceof Terminal.TcpProxy relay) {
      relay.options().accessLogs().forEach(log -> texts.add(text(log)));
    }
    return texts;
  }

  /** Those of routes, each once. They count where the chain has the filter. */
  private static Set<String> limits(HttpSpec http) {
    Set<String> texts = new LinkedHashSet<>();
    if (http.filters().stream().anyMatch(HttpFilter.RateLimit.class::isInstance)) {
      for (RouteTable.VirtualHost host : http.routes().hosts()) {
        for (RouteTable.Route route : host.routes()) {
          add(route.limit(), callers(route.match()), texts);
        }
      }
    }
    return texts;
  }

  /** Who takes a route, as far as it is about callers. */
  private static String callers(RouteTable.RouteMatch match) {
    List<String> all = new ArrayList<>();
    new TreeMap<>(match.state()).forEach((key, who) -> all.add(key + text(who)));
    return all.isEmpty() ? "" : ", if " + String.join(" and ", all);
  }

  private static String text(StringMatch match) {
    String how =
        switch (match.kind()) {
          case EXACT -> " is ";
          case PREFIX -> " begins with ";
          case SUFFIX -> " ends with ";
          case CONTAINS -> " has ";
          case REGEX -> " fits ";
        };
    return how + match.value();
  }

  private static String text(AccessLogSpec log) {
    String to =
        log.sink() instanceof LogTarget.OpenTelemetry collector
            ? "cluster " + collector.cluster()
            : destination((LogTarget.File) log.sink());
    String when =
        log.filter().map(only -> ", if " + ((LogFilter.Expression) only).expression()).orElse("");
    return "access log: to " + to + when;
  }

  /** A pipe stands for the address in its records: nobody but this proxy reads it. */
  private static String destination(LogTarget.File file) {
    return ForwardedFormat.isPipe(file.path())
            && file.format() instanceof LogFormat.Json record
            && record.members().get("address") instanceof LogFormat.Text address
        ? "tcp://" + address.format()
        : file.path();
  }

  private static String text(TracingSpec tracing) {
    TracingSpec.Provider to = tracing.provider();
    if (to instanceof TracingSpec.Zipkin zipkin) {
      return "traces: Zipkin, to cluster " + zipkin.cluster();
    }
    return to instanceof TracingSpec.Datadog datadog
        ? "traces: Datadog, to cluster " + datadog.cluster()
        : "traces: OpenTelemetry, to cluster " + ((TracingSpec.OpenTelemetry) to).cluster();
  }

  private static String mutual() {
    return "TLS ends here: clients' certificates are checked";
  }

  private static void add(HttpFilter filter, String when, Collection<String> texts) {
    if (filter instanceof HttpFilter.Rbac rbac) {
      texts.add("permissions of requests: " + text(rbac.spec()) + when);
    } else if (filter instanceof HttpFilter.RateLimit limit) {
      limit
          .bucket()
          .ifPresent(bucket -> texts.add("rate limit: " + bucket.text("requests") + when));
    } else if (filter instanceof HttpFilter.Fault) {
      texts.add("faults on purpose" + when);
    } else if (filter instanceof HttpFilter.Conditional conditional) {
      add(conditional.filter(), ", for some requests (" + conditional.name() + ")", texts);
    }
  }

  private static String text(RbacSpec spec) {
    List<String> parts = new ArrayList<>();
    spec.rules().ifPresent(rules -> parts.add(text(rules)));
    spec.matcher()
        .ifPresent(
            tree -> {
              Set<String> names = new LinkedHashSet<>(); // a policy may decide several times
              tree.branches().forEach(branch -> names.add(text(branch.then())));
              tree.otherwise().ifPresent(verdict -> names.add("else " + text(verdict)));
              parts.add(names.isEmpty() ? "nobody may pass" : String.join(", ", names));
            });
    if (parts.isEmpty()) {
      parts.add("everybody may pass");
    }
    if (spec.shadowRules().isPresent() || spec.shadowMatcher().isPresent()) {
      parts.add("shadow rules are counted only");
    }
    return String.join("; ", parts);
  }

  private static String text(RbacSpec.Rules rules) {
    String action = rules.action().name().toLowerCase(Locale.ROOT);
    if (rules.policies().isEmpty()) {
      return rules.action() == RbacSpec.Action.ALLOW ? "nobody may pass" : "everybody may pass";
    }
    return action
        + " "
        + String.join(", ", rules.policies().stream().map(RbacSpec.Policy::name).sorted().toList());
  }

  private static String text(RbacSpec.Verdict verdict) {
    return verdict.action().name().toLowerCase(Locale.ROOT) + " " + verdict.name();
  }
}
