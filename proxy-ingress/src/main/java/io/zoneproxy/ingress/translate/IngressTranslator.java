package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.ZoneIngress;
import java.util.Map;
import java.util.Optional;

/**
 * What a zone's ingress serves: every served mesh's local data planes, by the tag form (unless the
 * mesh has MeshServices only) and by the hash form.
 *
 * <p>Kuma follows the ingress's {@code availableServices} for the tag form; without a control plane
 * nobody fills them in, so here the data planes say it themselves.
 */
public final class IngressTranslator {
  /** {@link Translation#role()} of what this makes. */
  public static final String ROLE = "ingress";

  private IngressTranslator() {}

  /**
   * Translates. Without any service the listener is there all the same: load balancers look for it.
   *
   * @param own the ingress to be
   * @param zone the own zone; "" when unknown
   */
  public static Translation translate(ZoneIngress own, Resources resources, String zone) {
    ListenerTranslation listener =
        new ListenerTranslation(ROLE, "inbound:" + own.address(), own.address());
    listener.noticeOtherZone(own.zone(), own.meta().source(), zone);
    ServedMeshes meshes = new ServedMeshes(resources, listener::notice);
    meshes.noticeUnserved();
    for (Map.Entry<String, LocalMesh> entry : LocalMesh.of(resources, zone).entrySet()) {
      LocalMesh local = entry.getValue();
      Optional<Mesh> mesh = meshes.find(entry.getKey(), local.named().source(), "mesh");
      if (mesh.isPresent()) {
        LocalRoutes routes = new LocalRoutes(listener, zone, local);
        if (mesh.get().meshServices() != MeshServicesMode.EXCLUSIVE) {
          routes.addTagForm(entry.getKey());
        }
        routes.addHashForm();
      }
    }
    return listener.finish();
  }
}
