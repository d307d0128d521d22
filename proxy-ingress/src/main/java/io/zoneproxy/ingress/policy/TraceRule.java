package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.http.TracingSpec.Tag;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Treatment;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What MeshTraces ask for: several are one, field by field. */
final class TraceRule {
  private static final double ALL = 100; // percent, when nothing is said

  private final KumaValues values;
  private final String service;
  private final CollectorClusters collectors;
  private final Consumer<Problem> notices;

  /**
   * @param name the data plane's, which spans have when it names no workload
   * @param workload "" when it names none
   * @param collectors takes the one that is named
   * @param notices told what does not work
   */
  TraceRule(
      KumaValues values,
      String name,
      String workload,
      CollectorClusters collectors,
      Consumer<Problem> notices) {
    this.values = values;
    this.service = workload.isEmpty() ? name : workload;
    this.collectors = collectors;
    this.notices = notices;
  }

  /**
   * What is traced.
   *
   * @param policies a later one counts more
   * @return empty when nothing is
   */
  Optional<TracingSpec> of(List<Policy> policies) {
    Settings all =
        Settings.merged(
            policies.stream()
                .flatMap(policy -> ((Treatment) policy.spec()).rules().stream())
                .map(Treatment.Rule::settings)
                .toList());
    return all.parts("backends").stream()
        .findFirst()
        .flatMap(backend -> provider(backend, policies))
        .map(
            provider ->
                new TracingSpec(
                    provider,
                    tags(all),
                    percent(all, "sampling.client"),
                    percent(all, "sampling.random"),
                    percent(all, "sampling.overall")));
  }

  private static double percent(Settings set, String path) {
    return set.decimal(path).map(BigDecimal::doubleValue).orElse(ALL);
  }

  private Optional<TracingSpec.Provider> provider(Settings backend, List<Policy> policies) {
    return switch (backend.text("type").orElse("")) {
      case "Zipkin" -> backend.text("zipkin.url").map(url -> zipkin(withoutScheme(url), backend));
      case "Datadog" ->
          backend
              .text("datadog.url")
              .map(
                  url ->
                      new TracingSpec.Datadog(
                          collectors.ofHttp("meshtrace:datadog:", withoutScheme(url)), service));
      default ->
          collectors
              .ofOpenTelemetry(
                  "meshtrace:opentelemetry:", backend, odd -> notice(backend, policies, odd))
              .map(cluster -> new TracingSpec.OpenTelemetry(cluster, service));
    };
  }

  /** Of the policy whose collector counts. */
  private void notice(Settings backend, List<Policy> policies, String odd) {
    for (Policy policy : policies) {
      boolean has =
          ((Treatment) policy.spec())
              .rules().stream()
                  .anyMatch(rule -> rule.settings().parts("backends").contains(backend));
      if (has) {
        notices.accept(
            Problem.warning(
                policy.meta().source(), "spec.default.backends[0].openTelemetry.backendRef", odd));
      }
    }
  }

  /** What the reader takes begins so. */
  private static String withoutScheme(String url) {
    return url.substring("http://".length());
  }

  private TracingSpec.Provider zipkin(String url, Settings backend) {
    boolean shared =
        !backend.has("zipkin.sharedSpanContext") || backend.flag("zipkin.sharedSpanContext");
    String authority = url.substring(0, url.indexOf('/'));
    return new TracingSpec.Zipkin(
        collectors.ofHttp("meshtrace:zipkin:", authority),
        url.substring(authority.length()),
        authority,
        backend.flag("zipkin.traceId128bit"),
        shared);
  }

  /** The user's, then those of Kuma that he did not write himself. */
  private List<Tag> tags(Settings all) {
    List<Tag> tags = new ArrayList<>();
    for (Settings each : all.parts("tags")) {
      Optional<String> header = each.text("header.name");
      String value = each.text(header.isPresent() ? "header.default" : "literal").orElse("");
      tags.add(new Tag(each.text("name").orElse(""), header, value));
    }
    add(tags, "kuma.mesh", values.mesh());
    add(tags, "kuma.zone", values.zone());
    add(tags, "kuma.workload", values.workload());
    return tags;
  }

  private static void add(List<Tag> tags, String name, String value) {
    if (!value.isEmpty() && tags.stream().noneMatch(tag -> tag.name().equals(name))) {
      tags.add(new Tag(name, Optional.empty(), value));
    }
  }
}
