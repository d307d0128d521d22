package io.zoneproxy.egress.external;

import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.NoEffect;
import io.zoneproxy.egress.policy.Policies;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is outside of the meshes, as an egress serves it. For one thread. */
public final class Outside {
  private final ListenerTranslation listener;
  private final ChainMaker chains;
  private final Resources resources;
  private final String zone;
  private final Path systemCa;

  /**
   * @param listener takes the chains
   * @param listenerName see {@link ListenerTranslation}
   * @param zone the own one
   * @param systemCa authorities where a service names none
   */
  public Outside(
      ListenerTranslation listener,
      String listenerName,
      Resources resources,
      String zone,
      Path systemCa) {
    this.listener = listener;
    this.chains = new ChainMaker(listenerName);
    this.resources = resources;
    this.zone = zone;
    this.systemCa = systemCa;
  }

  /**
   * Routes the external services of a mesh.
   *
   * @param mesh with an mTLS backend
   * @return the names of those in the older form
   */
  public Set<String> route(Mesh mesh) {
    String name = mesh.meta().name();
    OutsideTls tls = new OutsideTls(new TlsTexts(resources, name, systemCa));
    Permissions permissions = new Permissions(mesh, resources);
    Policies policies = new Policies(resources, name);
    Set<String> served =
        new ExternalServices(listener, chains, name, tls, permissions, policies)
            .route(mesh, resources, zone);
    MeshExternalServices newer =
        new MeshExternalServices(listener, chains, tls, permissions, policies);
    List<MeshExternalService> services = resources.of(MeshExternalService.class, name).toList();
    services.forEach(newer::route);
    if (!services.isEmpty()) {
      permissions.notReaching().ifPresent(this::noticeNotReaching);
      policies.notReaching().forEach(this::noticeNotForEgresses);
    }
    noticeNoEffect(name);
    new TargetCheck(resources, name).problems().forEach(listener::notice);
    return served;
  }

  private void noticeNotReaching(Policy policy) {
    listener.notice(
        Problem.warning(
            policy.meta().source(),
            "spec.from",
            "does not reach a MeshExternalService behind a ZoneEgress, as in Kuma (expected: rules,"
                + " or routing.defaultForbidMeshExternalServiceAccess of the mesh)"));
  }

  private void noticeNotForEgresses(Policy policy) {
    listener.notice(
        Problem.warning(
            policy.meta().source(),
            "spec.targetRef",
            "does not reach a ZoneEgress (expected: kind Mesh, or none)"));
  }

  private static String noEffect(NoEffect spec) {
    return spec.fromControlPlane()
        ? " has no effect on external services from files (expected: a control plane, where it is"
            + " wanted)"
        : " has no effect on the external services of a ZoneEgress, neither from files nor from a"
            + " control plane";
  }

  /** One of each kind is enough. */
  private void noticeNoEffect(String mesh) {
    Set<String> kinds = new HashSet<>();
    resources
        .policies(NoEffect.class, mesh)
        .filter(policy -> kinds.add(policy.meta().type()))
        .forEach(
            policy ->
                listener.notice(
                    Problem.warning(
                        policy.meta().source(),
                        "type",
                        policy.meta().type() + noEffect((NoEffect) policy.spec()))));
  }
}
