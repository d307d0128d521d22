package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * What a mesh-scoped zone proxy serves: the local MeshServices and the MeshMultiZoneServices of its
 * one mesh, by the KRI form. Its egress listeners serve external services only; how, is said by a
 * program that can end TLS.
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
   * Translates the listeners that lead in; the others are left out, and that is said.
   *
   * @param own a data plane with zone-proxy listeners
   * @param zone the own zone; "" when unknown, then no MeshService has a name
   * @param policies has them do what policies say; comes before their relays
   */
  public static Translation translate(
      Dataplane own,
      Resources resources,
      String zone,
      BiConsumer<Dataplane.Listener, ListenerTranslation> policies) {
    return translate(own, resources, zone, policies, listener -> leftOut(own, listener));
  }

  /**
   * Translates all listeners.
   *
   * @param own a data plane with zone-proxy listeners
   * @param zone the own zone; "" when unknown, then no MeshService has a name
   * @param policies has those that lead in do what policies say; comes before their relays
   * @param egress makes those that lead out
   */
  public static Translation translate(
      Dataplane own,
      Resources resources,
      String zone,
      BiConsumer<Dataplane.Listener, ListenerTranslation> policies,
      Function<Dataplane.Listener, Translation> egress) {
    Optional<LocalMesh> local =
        Optional.ofNullable(LocalMesh.of(resources, zone).get(own.meta().mesh()));
    List<Translation> all = new ArrayList<>();
    for (Dataplane.Listener listener : own.listeners()) {
      if (listener.role() == Role.ZONE_INGRESS) {
        ListenerTranslation begun =
            new ListenerTranslation(
                ROLE, "self_zoneingress_dp_" + listener.name(), listener.address());
        if (isServed(own, resources, begun) && local.isPresent()) {
          policies.accept(listener, begun);
          new LocalRoutes(begun, zone, local.get()).addKriForm();
        }
        all.add(begun.finish());
      } else {
        all.add(egress.apply(listener));
      }
    }
    return Translation.merge(all);
  }

  /** An error where nothing else is served: such a proxy looks well, and nobody reaches it. */
  private static Translation leftOut(Dataplane own, Dataplane.Listener listener) {
    boolean others = own.listeners().stream().anyMatch(each -> each.role() == Role.ZONE_INGRESS);
    Problem problem =
        new Problem(
            others ? Problem.Severity.WARNING : Problem.Severity.ERROR,
            own.meta().source(),
            "networking.listeners[%d].type".formatted(own.listeners().indexOf(listener)),
            "ZoneEgress: this program ends no TLS, so listener %s is left out (expected: egress.jar, which takes the same flags and serves both types)"
                .formatted(listener.name()));
    return new Translation(ROLE, List.of(), Map.of(), List.of(problem));
  }

  private static boolean isServed(
      Dataplane own, Resources resources, ListenerTranslation translation) {
    return new ServedMeshes(resources, translation::notice)
        .find(own.meta().mesh(), own.meta().source(), "mesh")
        .isPresent();
  }
}
