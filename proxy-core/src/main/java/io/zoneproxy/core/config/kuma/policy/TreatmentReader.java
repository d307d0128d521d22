package io.zoneproxy.core.config.kuma.policy;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.core.resource.policy.Treatment.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the kinds of {@link Treatment}. */
public final class TreatmentReader {
  private static final Map<String, Kind> KINDS =
      Map.of(
          "MeshRateLimit", Kind.RATE_LIMIT,
          "MeshFaultInjection", Kind.FAULT_INJECTION,
          "MeshCircuitBreaker", Kind.CIRCUIT_BREAKER,
          "MeshHealthCheck", Kind.HEALTH_CHECK,
          "MeshLoadBalancingStrategy", Kind.LOAD_BALANCING,
          "MeshTimeout", Kind.TIMEOUT,
          "MeshAccessLog", Kind.ACCESS_LOG,
          "MeshTrace", Kind.TRACE);

  private static final List<String> DESTINATIONS =
      List.of(
          Target.ALL,
          Target.SERVICE,
          Target.EXTERNAL,
          "MeshMultiZoneService",
          "MeshGateway",
          "MeshHTTPRoute");

  private TreatmentReader() {}

  /** Kuma's names of the kinds that are read here. */
  public static List<String> types() {
    return KINDS.keySet().stream().sorted().toList();
  }

  /** The fields at the top of the spec of one of {@link #types()}. */
  public static List<String> fields(String type) {
    return KINDS.get(type) == Kind.TRACE
        ? List.of("targetRef", "default")
        : List.of("targetRef", "from", "to", "rules");
  }

  /** Reads the spec of one of {@link #types()}. */
  public static Optional<Policy> read(Meta meta, Fields spec) {
    Kind kind = KINDS.getOrDefault(meta.type(), Kind.RATE_LIMIT);
    Target target =
        spec.mapping("targetRef")
            .map(fields -> TargetReader.read(fields, TargetReader.PROTECTED))
            .orElse(Target.MESH);
    if (kind == Kind.ACCESS_LOG || kind == Kind.TRACE) {
      return Optional.of(new Policy(meta, seen(kind, target, spec)));
    }
    boolean callers = kind.list().equals("from");
    List<Treatment.Entry> entries =
        entries(spec, kind, kind.list(), callers ? TargetReader.CALLERS : DESTINATIONS);
    if (kind == Kind.TIMEOUT) {
      return Optional.of(new Policy(meta, new Treatment(kind, target, entries, both(spec, kind))));
    }
    List<Treatment.Rule> rules = callers ? rules(spec, kind) : List.of();
    warnOfOthers(spec, callers ? List.of("to") : List.of("from", "rules"), kind.list());
    return Optional.of(new Policy(meta, new Treatment(kind, target, entries, rules)));
  }

  /** What writes down or traces traffic, and treats nobody in another way. */
  private static Treatment seen(Kind kind, Target target, Fields spec) {
    if (kind == Kind.TRACE) {
      List<Treatment.Rule> one =
          spec
              .requiredMapping("default")
              .map(
                  fields ->
                      new Treatment.Rule(List.of(), Schemas.of(kind).read(fields), spec.at("")))
              .stream()
              .toList();
      return new Treatment(kind, target, List.of(), one);
    }
    if (!spec.has("rules") && !spec.has("from")) {
      warnOfOthers(spec, List.of("to"), "rules");
      if (!spec.has("to")) {
        spec.warning("rules", "missing, so nothing is written (expected: a list)");
      }
    }
    return new Treatment(kind, target, List.of(), both(spec, kind));
  }

  private static List<Treatment.Entry> entries(
      Fields spec, Kind kind, String list, List<String> kinds) {
    List<Treatment.Entry> entries = new ArrayList<>();
    for (Fields each : spec.mappings(list)) {
      each.known(List.of("targetRef", "default"));
      Optional<Target> of =
          each.requiredMapping("targetRef").map(fields -> TargetReader.read(fields, kinds));
      each.requiredMapping("default")
          .map(fields -> Schemas.of(kind).read(fields))
          .ifPresent(
              set -> of.ifPresent(who -> entries.add(new Treatment.Entry(who, set, each.at("")))));
    }
    return entries;
  }

  /** Rules; without them what was {@code from} everybody, as Kuma reads it. */
  private static List<Treatment.Rule> both(Fields spec, Kind kind) {
    List<String> callers = kind == Kind.ACCESS_LOG ? List.of(Target.ALL) : TargetReader.CALLERS;
    List<Treatment.Rule> older =
        entries(spec, kind, "from", callers).stream()
            .filter(entry -> entry.of().kind().equals(Target.ALL))
            .map(entry -> new Treatment.Rule(List.of(), entry.settings(), entry.field()))
            .toList();
    List<Treatment.Rule> rules = rules(spec, kind);
    return rules.isEmpty() ? older : rules;
  }

  private static List<Treatment.Rule> rules(Fields spec, Kind kind) {
    List<Treatment.Rule> rules = new ArrayList<>();
    for (Fields each : spec.mappings("rules")) {
      each.only(List.of("matches", "default")); // a misspelt condition would be none
      List<Treatment.Match> matches =
          each.mappings("matches").stream().map(TreatmentReader::match).toList();
      each.requiredMapping("default")
          .map(fields -> Schemas.of(kind).read(fields))
          .ifPresent(set -> rules.add(new Treatment.Rule(matches, set, each.at(""))));
    }
    return rules;
  }

  private static Treatment.Match match(Fields fields) {
    CallerReader.check(fields);
    return new Treatment.Match(CallerReader.spiffeId(fields), CallerReader.serverName(fields));
  }

  private static void warnOfOthers(Fields spec, List<String> others, String list) {
    for (String other : others) {
      if (spec.has(other)) {
        spec.warning(other, "does not reach an external service (expected: " + list + ")");
      }
    }
  }
}
