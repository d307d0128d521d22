package io.zoneproxy.egress.external;

import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.egress.policy.Policies;
import io.zoneproxy.ingress.policy.Audience;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import java.nio.file.Path;
import java.util.List;

/**
 * What is outside of one mesh, as a listener of its own egress serves it: the MeshExternalServices,
 * by the parts of their names, to whom a policy allows it. For one thread.
 */
public final class MeshOutside {
  private final ListenerTranslation listener;
  private final Mesh mesh;
  private final Resources resources;
  private final String zone;
  private final Audience audience;
  private final Permissions permissions;
  private final Policies policies;
  private final MeshExternalServices services;

  /**
   * Routes nothing yet.
   *
   * @param listener takes the chains
   * @param listenerName see {@link ListenerTranslation}
   * @param zone the own one
   * @param audience the listener, for policies
   * @param systemCa authorities where a service names none
   */
  public MeshOutside(
      ListenerTranslation listener,
      String listenerName,
      Mesh mesh,
      Resources resources,
      String zone,
      Audience audience,
      Path systemCa) {
    String name = mesh.meta().name();
    this.listener = listener;
    this.mesh = mesh;
    this.resources = resources;
    this.zone = zone;
    this.audience = audience;
    permissions = Permissions.ofMesh(name, resources, audience);
    policies = new Policies(resources, name, audience);
    services =
        new MeshExternalServices(
            listener,
            new ChainMaker(listenerName),
            new OutsideTls(new TlsTexts(resources, name, systemCa)),
            permissions,
            policies);
  }

  /**
   * Routes all.
   *
   * @param end of the mesh's TLS
   */
  public void route(MeshTls end) {
    List<MeshExternalService> all = all();
    all.forEach(service -> services.route(service, name(service), end));
    PolicyNotices notices = new PolicyNotices(listener, resources, mesh.meta().name(), audience);
    if (!all.isEmpty()) {
      notices.ofMeshExternal(permissions, policies);
      noticeNobody();
    }
    notices.ofAll(policies);
  }

  /** Gives all their names, by which nobody gets through. */
  public void refuse(String why) {
    all().forEach(service -> services.refuse(service, name(service), why));
  }

  private List<MeshExternalService> all() {
    return resources.of(MeshExternalService.class, mesh.meta().name()).toList();
  }

  private ServiceName name(MeshExternalService service) {
    return ServiceName.byParts(service, zone);
  }

  /** Kuma's zone egress lets everybody pass by default, and this one nobody. */
  private void noticeNobody() {
    if (!permissions.allowsAny()) {
      listener.notice(
          Problem.warning(
              mesh.meta().source(),
              "",
              "no MeshTrafficPermission of mesh %s lets anybody pass %s, so its external services are closed to all (expected: rules with allow)"
                  .formatted(mesh.meta().name(), audience.name())));
    }
  }
}
