package io.zoneproxy.egress.external;

import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.egress.policy.Policies;
import io.zoneproxy.ingress.policy.Audience;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import java.nio.file.Path;
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
    Permissions permissions = Permissions.ofZone(mesh, resources);
    Policies policies = new Policies(resources, name, Audience.OF_ZONE);
    Set<String> served =
        new ExternalServices(listener, chains, name, tls, permissions, policies)
            .route(mesh, resources, zone);
    MeshExternalServices newer =
        new MeshExternalServices(listener, chains, tls, permissions, policies);
    List<MeshExternalService> services = resources.of(MeshExternalService.class, name).toList();
    services.forEach(
        service -> newer.route(service, ServiceName.hashed(service), MeshTls.of(name)));
    PolicyNotices notices = new PolicyNotices(listener, resources, name, Audience.OF_ZONE);
    if (!services.isEmpty()) {
      notices.ofMeshExternal(permissions, policies);
    }
    notices.ofAll(policies);
    return served;
  }
}
