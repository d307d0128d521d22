package io.zoneproxy.egress.external;

import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.NoEffect;
import io.zoneproxy.egress.policy.Audience;
import io.zoneproxy.egress.policy.Policies;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import java.util.HashSet;
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
                    "does not reach %s (expected: %s)"
                        .formatted(audience.name(), audience.expected())));
  }

  /** Those of no effect, one of each kind, and those that are about nothing. */
  void ofAll() {
    Set<String> kinds = new HashSet<>();
    resources
        .policies(NoEffect.class, mesh)
        .filter(policy -> kinds.add(policy.meta().type()))
        .forEach(
            policy ->
                notice(
                    policy,
                    "type",
                    policy.meta().type()
                        + (hasFromControlPlane((NoEffect) policy.spec())
                            ? " has no effect on external services from files (expected: a control"
                                + " plane, where it is wanted)"
                            : " has no effect on the external services of a ZoneEgress, neither"
                                + " from files nor from a control plane")));
    new TargetCheck(resources, mesh).problems().forEach(listener::notice);
  }

  private boolean hasFromControlPlane(NoEffect effect) {
    return audience.isOfZone() ? effect.atZoneEgress() : effect.atMeshEgress();
  }

  private void notice(Policy policy, String field, String message) {
    listener.notice(Problem.warning(policy.meta().source(), field, message));
  }
}
