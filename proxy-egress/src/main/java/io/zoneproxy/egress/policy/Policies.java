package io.zoneproxy.egress.policy;

import static io.zoneproxy.ingress.policy.ListenerPolicies.treatment;

import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.Treatment.Entry;
import io.zoneproxy.core.resource.policy.Treatment.Kind;
import io.zoneproxy.ingress.policy.Audience;
import io.zoneproxy.ingress.policy.ChainRules;
import io.zoneproxy.ingress.policy.ListenerPolicies;
import io.zoneproxy.ingress.policy.RateLimits;
import io.zoneproxy.ingress.policy.Targets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The policies of a mesh as they concern its external services. Of those for callers ({@code from})
 * the older form of service knows, of those for destinations ({@code to}) the newer one: so a
 * control plane has it for a zone egress.
 */
public final class Policies {
  private final ListenerPolicies policies;
  private final Audience audience;

  /**
   * Those of a mesh.
   *
   * @param audience the egress that has the services
   */
  public Policies(Resources resources, String mesh, Audience audience) {
    this.audience = audience;
    policies = new ListenerPolicies(resources, mesh, audience);
  }

  /** Those that are for some proxies only, which the egress of a zone is none of. */
  public List<Policy> notReaching() {
    return policies.all().stream()
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
        List.of(),
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
    ChainRules limits = new ChainRules(policies.rules(Kind.RATE_LIMIT), serverName);
    ChainRules timeouts = new ChainRules(policies.rules(Kind.TIMEOUT), serverName);
    return new ChainPolicy(
        RateLimits.connections(limits.everybody()),
        RateLimits.requests(limits.everybody()),
        CallerTreatment.faults(policies.rules(Kind.FAULT_INJECTION), serverName),
        Timeouts.ofCalls(timeouts.layers()),
        CallerRoutes.of(limits, timeouts),
        hash);
  }

  /** Those for callers, in the form that an egress of this kind does not take. */
  public List<Policy> inOtherForm() {
    return audience.isOfZone()
        ? policies.all().stream()
            .filter(policy -> treatment(policy).kind().list().equals("from"))
            .filter(policy -> treatment(policy).entries().isEmpty())
            .filter(policy -> !treatment(policy).rules().isEmpty())
            .toList()
        : policies.reaching().stream()
            .filter(policy -> treatment(policy).kind() == Kind.FAULT_INJECTION)
            .filter(policy -> treatment(policy).rules().isEmpty())
            .filter(policy -> !treatment(policy).entries().isEmpty())
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
            new ChainRules(policies.rules(Kind.TIMEOUT), serverName).layers());
  }

  /** Fields that do nothing where they stand, and that somebody wrote for a service outside. */
  public List<LostField> lost() {
    return audience.isOfZone() ? List.of() : LostField.in(policies.reaching());
  }

  /** Entries that count, a later one before an earlier one. */
  private List<Entry> callers(Kind kind, Map<String, String> tags) {
    return policies.all().stream()
        .map(ListenerPolicies::treatment)
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
    policies.reaching().stream()
        .map(ListenerPolicies::treatment)
        .filter(each -> each.kind() == kind)
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
}
