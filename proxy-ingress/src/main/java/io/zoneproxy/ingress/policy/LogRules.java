package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.observe.access.AccessLogCheck;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.core.resource.policy.Treatment.Match;
import io.zoneproxy.ingress.translate.ServerNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The access logs that MeshAccessLogs make. Rules are not merged: each that fits writes its own
 * record, and one with two conditions that fit writes two, as in Kuma.
 */
final class LogRules {
  private static final String PREFIX = "meshaccesslog:opentelemetry:";
  private static final String LOG_NAME = "MeshAccessLog";

  private final KumaValues values;
  private final LogForms forms;
  private final String pipe;
  private final CollectorClusters collectors;
  private final Consumer<Problem> notices;

  /**
   * @param name the data plane's
   * @param collectors takes those that are named
   * @param notices told what does not work
   */
  LogRules(
      KumaValues values, String name, CollectorClusters collectors, Consumer<Problem> notices) {
    this.values = values;
    this.forms = new LogForms(values);
    this.pipe = "kuma-al-%s-%s.sock".formatted(name, values.mesh());
    this.collectors = collectors;
    this.notices = notices;
  }

  private record Rule(Policy policy, Optional<Match> match, Treatment.Rule rule) {
    /**
     * Lower for what counts first: an exact SPIFFE ID, the begin of one, none; then with an SNI.
     */
    int rank() {
      int spiffe =
          match
              .flatMap(Match::spiffeId)
              .map(id -> id.kind() == StringMatch.Kind.EXACT ? 0 : 1)
              .orElse(2);
      return 2 * spiffe + (match.flatMap(Match::serverName).isPresent() ? 0 : 1);
    }
  }

  /** All, in Kuma's order. */
  List<AccessLogSpec> of(List<Policy> policies) {
    List<Rule> rules = new ArrayList<>();
    for (Policy policy : policies) {
      for (Treatment.Rule rule : ((Treatment) policy.spec()).rules()) {
        if (rule.matches().isEmpty()) {
          rules.add(new Rule(policy, Optional.empty(), rule));
        }
        rule.matches().forEach(match -> rules.add(new Rule(policy, Optional.of(match), rule)));
      }
    }
    rules.sort(Comparator.comparingInt(Rule::rank));
    List<AccessLogSpec> logs = new ArrayList<>();
    rules.forEach(rule -> add(rule, logs));
    return logs;
  }

  private void add(Rule rule, List<AccessLogSpec> logs) {
    Optional<LogFilter> filter = rule.match().map(LogRules::filter);
    List<Settings> backends = rule.rule().settings().parts("backends");
    for (int i = 0; i < backends.size(); i++) {
      String field = "%s.default.backends[%d]".formatted(rule.rule().field(), i);
      sink(backends.get(i), rule.policy(), field)
          .map(sink -> new AccessLogSpec(sink, filter))
          .filter(log -> isUnderstood(log, rule.policy(), field))
          .ifPresent(logs::add);
    }
  }

  private boolean isUnderstood(AccessLogSpec log, Policy policy, String field) {
    List<String> problems = AccessLogCheck.problems(log);
    problems.forEach(what -> notices.accept(Problem.error(policy.meta().source(), field, what)));
    return problems.isEmpty();
  }

  private Optional<LogTarget> sink(Settings backend, Policy policy, String field) {
    return switch (backend.text("type").orElse("")) {
      case "File" ->
          Optional.of(
              new LogTarget.File(
                  backend.text("file.path").orElse(""), forms.line(backend, "file.format")));
      case "Tcp" -> Optional.of(new LogTarget.File(pipe, forms.forwarded(backend, "tcp")));
      default ->
          collectors
              .ofOpenTelemetry(
                  PREFIX,
                  backend,
                  odd ->
                      notices.accept(
                          Problem.warning(
                              policy.meta().source(), field + ".openTelemetry.backendRef", odd)))
              .map(cluster -> openTelemetry(cluster, backend));
    };
  }

  private LogTarget openTelemetry(String cluster, Settings backend) {
    Map<String, LogFormat> attributes = new LinkedHashMap<>();
    backend
        .parts("openTelemetry.attributes")
        .forEach(
            each ->
                attributes.put(
                    each.text("key").orElse(""), forms.text(each.text("value").orElse(""))));
    Map<String, String> resource = new LinkedHashMap<>();
    resource.put("kuma.mesh", values.mesh());
    resource.put("kuma.zone", values.zone());
    resource.put("kuma.workload", values.workload());
    resource.values().removeIf(String::isEmpty);
    return new LogTarget.OpenTelemetry(
        cluster,
        LOG_NAME,
        Optional.of(forms.body(backend, "openTelemetry.body")),
        attributes,
        resource);
  }

  private static LogFilter filter(Match match) {
    List<String> texts = new ArrayList<>();
    List<Predicate> all = new ArrayList<>();
    match
        .spiffeId()
        .ifPresent(
            id -> {
              boolean exact = id.kind() == StringMatch.Kind.EXACT;
              texts.add(
                  "connection.uri_san_peer_certificate"
                      + (exact ? " == \"%s\"" : ".startsWith(\"%s\")").formatted(id.value()));
              all.add(new Predicate.Single(Predicate.Input.URI_SAN, id));
            });
    match
        .serverName()
        .ifPresent(
            name -> {
              texts.add("connection.requested_server_name == \"%s\"".formatted(name));
              all.add(
                  new Predicate.Single(
                      Predicate.Input.SERVER_NAME, StringMatch.exact(ServerNames.lowerCase(name))));
            });
    return new LogFilter.Expression(
        String.join(" && ", texts), all.size() == 1 ? all.get(0) : new Predicate.And(all));
  }
}
