package io.zoneproxy.egress.external;

import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.MeshTrafficPermission;
import io.zoneproxy.core.resource.policy.NoEffect;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.Treatment;
import io.zoneproxy.egress.policy.Policies;
import io.zoneproxy.ingress.policy.Audience;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Says which policies of a mesh do not do at an egress what their author may think. */
final class PolicyNotices {
  private final ListenerTranslation listener;
  private final Resources resources;
  private final String mesh;
  private final Audience audience;

  PolicyNotices(ListenerTranslation listener, Resources resources, String mesh, Audience audience) {
    this.listener = listener;
    this.resources = resources;
    this.mesh = mesh;
    this.audience = audience;
  }

  /** Those that do not reach a MeshExternalService. */
  void ofMeshExternal(Permissions permissions, Policies policies) {
    permissions
        .notReaching()
        .ifPresent(
            policy ->
                notice(
                    policy,
                    "spec.from",
                    audience.isOfZone()
                        ? "does not reach a MeshExternalService behind a ZoneEgress, as in Kuma"
                            + " (expected: rules, or"
                            + " routing.defaultForbidMeshExternalServiceAccess of the mesh)"
                        : "does not reach a MeshExternalService, as in Kuma (expected: rules)"));
    policies
        .notReaching()
        .forEach(
            policy ->
                notice(
                    policy,
                    "spec.targetRef",
                    "does not reach a ZoneEgress (expected: kind Mesh, or none)"));
  }

  /** Those for callers that treat nobody here. */
  private void ofCallers(Policies policies) {
    policies
        .inOtherForm()
        .forEach(
            policy ->
                notice(
                    policy,
                    audience.isOfZone() ? "spec.rules" : "spec.from",
                    audience.isOfZone()
                        ? "does not reach an external service behind a ZoneEgress (expected: from)"
                        : "does not reach a listener of type ZoneEgress (expected: rules)"));
  }

  /** Limits that are not where they count. */
  private void ofLost(Policies policies) {
    policies
        .lost()
        .forEach(
            lost ->
                notice(
                    lost.policy(),
                    lost.field(),
                    "does nothing here at an egress, as in Kuma (expected: the same in "
                        + lost.expected()
                        + ")"));
  }

  /** Those of no effect, one of each kind, and those that are about nothing. */
  void ofAll(Policies policies) {
    ofCallers(policies);
    ofLost(policies);
    Set<String> kinds = new HashSet<>();
    resources
        .of(Policy.class, mesh)
        .filter(this::isWithoutEffect)
        .filter(policy -> kinds.add(policy.meta().type()))
        .forEach(
            policy ->
                notice(
                    policy,
                    "type",
                    policy.meta().type()
                        + (hasFromControlPlane(policy)
                            ? " has no effect on external services from files (expected: a control"
                                + " plane, where it is wanted)"
                            : " has no effect on the external services of a ZoneEgress, neither"
                                + " from files nor from a control plane")));
    resources.of(Policy.class, mesh).forEach(this::misspelt);
    new TargetCheck(resources, mesh).problems().forEach(listener::notice);
  }

  private void misspelt(Policy policy) {
    Optional<Target> target =
        policy.spec() instanceof MeshTrafficPermission permission
            ? Optional.of(permission.target())
            : policy.spec() instanceof Treatment treatment
                ? Optional.of(treatment.target())
                : Optional.empty();
    target
        .flatMap(audience::misspelt)
        .ifPresent(what -> notice(policy, "spec.targetRef.sectionName", what));
  }

  private boolean isWithoutEffect(Policy policy) {
    return policy.spec() instanceof Treatment treatment
        ? audience.isOfZone() && !treatment.kind().reachesZoneEgress()
        : policy.spec() instanceof NoEffect;
  }

  private boolean hasFromControlPlane(Policy policy) {
    return policy.spec() instanceof NoEffect effect
        && (audience.isOfZone() ? effect.atZoneEgress() : effect.atMeshEgress());
  }

  private void notice(Policy policy, String field, String message) {
    listener.notice(Problem.warning(policy.meta().source(), field, message));
  }
}
