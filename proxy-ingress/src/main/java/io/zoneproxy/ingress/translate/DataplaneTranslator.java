package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
   * @param finish adds to what a listener serves
   */
  public static Translation translate(
      Dataplane own, Resources resources, String zone, Finish finish) {
    return translate(own, resources, zone, finish, listener -> leftOut(own, listener));
  }

  /** Adds to what a listener serves: what policies say of its traffic. */
  @FunctionalInterface
  public interface Finish {
    /** The same, or more. */
    Translation finish(Dataplane.Listener listener, Translation translation);
  }

  /**
   * Translates all listeners.
   *
   * @param own a data plane with zone-proxy listeners
   * @param zone the own zone; "" when unknown, then no MeshService has a name
   * @param finish adds to what a listener serves
   * @param egress makes those that lead out
   */
  public static Translation translate(
      Dataplane own,
      Resources resources,
      String zone,
      Finish finish,
      Function<Dataplane.Listener, Translation> egress) {
    Optional<LocalMesh> local =
        Optional.ofNullable(LocalMesh.of(resources, zone).get(own.meta().mesh()));
    return Translation.merge(
        own.listeners().stream()
            .map(
                listener ->
                    finish.finish(
                        listener,
                        listener.role() == Role.ZONE_INGRESS
                            ? ingress(own, listener, resources, local, zone)
                            : egress.apply(listener)))
            .toList());
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
