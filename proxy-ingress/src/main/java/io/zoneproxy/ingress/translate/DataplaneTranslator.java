package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a mesh-scoped zone proxy serves: the local MeshServices and the MeshMultiZoneServices of its
 * one mesh, by the KRI form. Its egress listeners serve external services only, which resource
 * files cannot say yet.
 *
 * <p>Kuma makes such a listener only in a mesh with MeshServices alone (mode Exclusive), and only
 * when it has a chain. Here it is as the user wrote it: the mode changes no name of this form, and
 * an empty listener lets load balancers look.
 */
public final class DataplaneTranslator {
  /** {@link Translation#role()} of what this makes. */
  public static final String ROLE = "dataplane";

  private DataplaneTranslator() {}

  /**
   * Translates.
   *
   * @param own a data plane with zone-proxy listeners
   * @param zone the own zone; "" when unknown, then no MeshService has a name
   */
  public static Translation translate(Dataplane own, Resources resources, String zone) {
    List<Translation> listeners = new ArrayList<>();
    List<Problem> notices = new ArrayList<>();
    Map<String, LocalMesh> locals = LocalMesh.of(resources, zone);
    for (int i = 0; i < own.listeners().size(); i++) {
      Dataplane.Listener listener = own.listeners().get(i);
      if (listener.role() == Role.ZONE_INGRESS) {
        Optional<LocalMesh> local = Optional.ofNullable(locals.get(own.meta().mesh()));
        listeners.add(ingress(own, listener, resources, local, zone));
      } else {
        notices.add(
            Problem.warning(
                own.meta().source(),
                "networking.listeners[%d].type".formatted(i),
                "ZoneEgress is not supported yet: it serves external services only (cross-zone traffic goes straight to the other zone's ingress); listener %s is left out"
                    .formatted(listener.name())));
      }
    }
    listeners.add(new Translation(ROLE, List.of(), Map.of(), notices));
    return Translation.merge(listeners);
  }

  private static Translation ingress(
      Dataplane own,
      Dataplane.Listener listener,
      Resources resources,
      Optional<LocalMesh> local,
      String zone) {
    ListenerTranslation translation =
        new ListenerTranslation(ROLE, "self_zoneingress_dp_" + listener.name(), listener.address());
    String mesh = own.meta().mesh();
    boolean served =
        new ServedMeshes(resources, translation::notice)
            .find(mesh, own.meta().source(), "mesh")
            .isPresent();
    if (served && local.isPresent()) {
      new LocalRoutes(translation, zone, local.get()).addKriForm();
    }
    return translation.finish();
  }
}
