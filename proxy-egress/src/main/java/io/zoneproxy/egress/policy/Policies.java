package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.core.resource.policy.Treatment.Entry;
import io.zoneproxy.core.resource.policy.Treatment.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The policies of a mesh as they concern its external services. Of those for callers ({@code from})
 * the older form of service knows, of those for destinations ({@code to}) the newer one: so a
 * control plane has it for a zone egress.
 */
public final class Policies {
  private static final Set<Kind> LIMITS = EnumSet.of(Kind.RATE_LIMIT, Kind.TIMEOUT);

  private final List<Policy> treatments;
  private final Audience audience;

  /**
   * Those of a mesh.
   *
   * @param audience the egress that has the services
   */
  public Policies(Resources resources, String mesh, Audience audience) {
    this.audience = audience;
    treatments =
        resources
            .policies(Treatment.class, mesh)
            .sorted(Targets.byPrecedence(policy -> treatment(policy).target()))
            .toList();
  }

  /** Those that are for some proxies only, which the egress of a zone is none of. */
  public List<Policy> notReaching() {
    return treatments.stream()
        .filter(policy -> treatment(policy).kind().list().equals("to") && audience.isOfZone())
        .filter(policy -> treatment(policy).kind().reachesZoneEgress())
        .filter(policy -> !audience.has(treatment(policy).target()))
        .toList();
  }

  /**
   * What a service in the older form does to its callers.
   *
   * @param tags of the service
   */
  public ChainPolicy ofExternal(Map<String, String> tags) {
    return new ChainPolicy(
        RateLimits.connections(everybody(callers(Kind.RATE_LIMIT, tags))),
        RateLimits.requests(everybody(callers(Kind.RATE_LIMIT, tags))),
        Faults.of(callers(Kind.FAULT_INJECTION, tags)),
        CallTimeouts.NONE,
        List.of());
  }

  /**
   * What is done with calls of a newer one, beside what its cluster does. Callers are treated at a
   * mesh's own egress only.
   *
   * @param serverName of the chain
   */
  public ChainPolicy ofMeshExternal(MeshExternalService service, String serverName) {
    List<HashPolicy> hash = Balancers.hash(destination(Kind.LOAD_BALANCING, service));
    if (audience.isOfZone()) {
      return ChainPolicy.NONE.withHash(hash);
    }
    Settings limit = CallerTreatment.everybody(rules(Kind.RATE_LIMIT), serverName);
    return new ChainPolicy(
        RateLimits.connections(limit),
        RateLimits.requests(limit),
        CallerTreatment.faults(rules(Kind.FAULT_INJECTION), serverName),
        Timeouts.ofCalls(CallerTreatment.layers(rules(Kind.TIMEOUT), serverName)),
        hash);
  }

  /** Those that limit callers by their SPIFFE ID, which is not done here. */
  public List<Policy> limitingSome() {
    return treatments.stream()
        .filter(policy -> LIMITS.contains(treatment(policy).kind()) && !audience.isOfZone())
        .filter(policy -> audience.has(treatment(policy).target()))
        .filter(policy -> treatment(policy).rules().stream().anyMatch(CallerTreatment::isForSome))
        .toList();
  }

  /** Those for callers, in the form that an egress of this kind does not take. */
  public List<Policy> inOtherForm() {
    return treatments.stream()
        .filter(policy -> treatment(policy).kind().list().equals("from"))
        .filter(policy -> audience.isOfZone() || audience.has(treatment(policy).target()))
        .filter(
            policy ->
                audience.isOfZone()
                    ? treatment(policy).entries().isEmpty() && !treatment(policy).rules().isEmpty()
                    : treatment(policy).rules().isEmpty() && !treatment(policy).entries().isEmpty())
        .toList();
  }

  private List<CallerTreatment.Named> rules(Kind kind) {
    return treatments.stream()
        .filter(policy -> treatment(policy).kind() == kind)
        .filter(policy -> audience.has(treatment(policy).target()))
        .flatMap(
            policy ->
                treatment(policy).rules().stream()
                    .map(rule -> new CallerTreatment.Named(Targets.name(policy.meta()), rule)))
        .toList();
  }

  /**
   * What is done with the endpoints of a newer one.
   *
   * @param serverName of the chain
   */
  public ClusterSettings ofCluster(MeshExternalService service, String serverName) {
    Settings breaker = destination(Kind.CIRCUIT_BREAKER, service);
    Settings check = destination(Kind.HEALTH_CHECK, service);
    return new ClusterSettings(
        Balancers.of(destination(Kind.LOAD_BALANCING, service)),
        Breakers.spread(breaker, check),
        Breakers.limits(breaker),
        Breakers.outliers(breaker),
        Probes.of(check, service.protocol()),
        timeouts(service, serverName));
  }

  private UpstreamTimeouts timeouts(MeshExternalService service, String serverName) {
    return audience.isOfZone()
        ? UpstreamTimeouts.NONE
        : Timeouts.ofEndpoints(
            destination(Kind.TIMEOUT, service),
            service.protocol().toLowerCase(Locale.ROOT),
            CallerTreatment.layers(rules(Kind.TIMEOUT), serverName));
  }

  /**
   * Fields of time limits that do nothing where they stand, as in Kuma, and that somebody wrote for
   * a service outside: a policy for the whole mesh has them for others.
   */
  public List<Lost> lost() {
    List<Lost> lost = new ArrayList<>();
    for (Policy policy : treatments) {
      Treatment each = treatment(policy);
      if (each.kind() != Kind.TIMEOUT || audience.isOfZone() || !audience.has(each.target())) {
        continue;
      }
      for (int i = 0; i < each.entries().size(); i++) {
        Entry entry = each.entries().get(i);
        if (entry.of().kind().equals(Target.EXTERNAL)) {
          add(lost, policy, "spec.to[" + i + "]", Timeouts.lostInDestination(entry.settings()));
        }
      }
      for (int i = 0; i < each.rules().size(); i++) {
        Treatment.Rule rule = each.rules().get(i);
        if (!rule.matches().isEmpty()) {
          add(lost, policy, "spec.rules[" + i + "]", Timeouts.lostInRule(rule.settings()));
        }
      }
    }
    return lost;
  }

  private static void add(List<Lost> lost, Policy policy, String at, List<String> fields) {
    fields.forEach(field -> lost.add(new Lost(policy, at + ".default." + field)));
  }

  /** A field that does nothing where it stands. */
  public record Lost(Policy policy, String field) {
    /** The list where it would do something. */
    public String expected() {
      return field.startsWith("spec.to") ? "rules" : "to";
    }
  }

  /** Entries that count, a later one before an earlier one. */
  private List<Entry> callers(Kind kind, Map<String, String> tags) {
    return treatments.stream()
        .map(Policies::treatment)
        .filter(each -> each.kind() == kind && Targets.isAbout(each.target(), tags))
        .flatMap(each -> each.entries().stream())
        .toList();
  }

  /** What holds for every caller: there is one bucket for all of them. */
  private static Settings everybody(List<Entry> entries) {
    return merged(entries.stream().filter(entry -> entry.of().kind().equals(Target.ALL)).toList());
  }

  private Settings destination(Kind kind, MeshExternalService service) {
    List<Entry> entries = new ArrayList<>();
    treatments.stream()
        .map(Policies::treatment)
        .filter(each -> each.kind() == kind && audience.has(each.target()))
        .forEach(each -> entries.addAll(each.entries()));
    entries.removeIf(entry -> !names(entry.of(), service.meta()));
    entries.sort(Comparator.comparingInt(entry -> Targets.specificity(entry.of())));
    return merged(entries);
  }

  private static Settings merged(List<Entry> entries) {
    return Settings.merged(entries.stream().map(Entry::settings).toList());
  }

  /** Whether a destination is this service, among others perhaps. */
  public static boolean names(Target target, Meta service) {
    if (!target.kind().equals(Target.EXTERNAL)) {
      return target.kind().equals(Target.ALL);
    }
    boolean named =
        target.name().isEmpty()
            || target.name().equals(service.name())
            || target.name().equals(Targets.name(service));
    return named && service.labels().entrySet().containsAll(target.tags().entrySet());
  }

  private static Treatment treatment(Policy policy) {
    return (Treatment) policy.spec();
  }
}
