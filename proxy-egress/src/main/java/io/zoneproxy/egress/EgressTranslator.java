package io.zoneproxy.egress;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Zone;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.core.resource.ZoneIngress.AvailableService;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import io.zoneproxy.ingress.translate.RouteOwner;
import io.zoneproxy.ingress.translate.ServedMeshes;
import io.zoneproxy.ingress.translate.Tags;
import io.zoneproxy.ingress.translate.Translation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a zone's egress serves: the services of the other zones, each behind the ingresses that have
 * it, by the tag form.
 *
 * <p>A mesh takes part when it is served, sends its cross-zone traffic through the egress ({@code
 * routing.zoneEgress}) and has services in tag form at all. External services of another zone are
 * reached through that zone's ingress, as any service of it.
 */
public final class EgressTranslator {
  /** {@link Translation#role()} of what this makes. */
  public static final String ROLE = "egress";

  private final ListenerTranslation listener;
  private final ServedMeshes meshes;
  private final Map<String, Map<String, RemoteService>> services = new TreeMap<>();

  private EgressTranslator(ListenerTranslation listener, ServedMeshes meshes) {
    this.listener = listener;
    this.meshes = meshes;
  }

  /**
   * Translates. Without any service the listener is there all the same: load balancers look for it.
   *
   * @param own the egress to be
   * @param zone the own zone, whose ingresses are not used; "" when unknown
   */
  public static Translation translate(ZoneEgress own, Resources resources, String zone) {
    ListenerTranslation listener =
        new ListenerTranslation(ROLE, "inbound:" + own.address(), own.address());
    listener.noticeOtherZone(own.zone(), own.meta().source(), zone);
    EgressTranslator translator =
        new EgressTranslator(listener, new ServedMeshes(resources, listener::notice));
    translator.meshes.noticeUnserved();
    Set<String> disabled =
        resources
            .of(Zone.class)
            .filter(other -> !other.enabled())
            .map(other -> other.meta().name())
            .collect(Collectors.toSet());
    resources
        .of(ZoneIngress.class)
        .filter(ingress -> !ingress.zone().isEmpty() && !ingress.zone().equals(zone))
        .filter(ingress -> !disabled.contains(ingress.zone()))
        .forEach(translator::add);
    return translator.finish();
  }

  private void add(ZoneIngress ingress) {
    Optional<HostPort> advertised = ingress.advertised();
    if (advertised.isEmpty()) {
      listener.notice(
          Problem.warning(
              ingress.meta().source(),
              "networking.advertisedAddress",
              "missing, so zone %s is not reached through %s (expected: address and port where other zones reach it)"
                  .formatted(ingress.zone(), ingress.meta().id())));
      return;
    }
    for (int i = 0; i < ingress.availableServices().size(); i++) {
      add(ingress, advertised.get(), i);
    }
  }

  private void add(ZoneIngress ingress, HostPort advertised, int index) {
    AvailableService available = ingress.availableServices().get(index);
    String field = "availableServices[" + index + "]";
    Optional<Mesh> mesh = meshes.find(available.mesh(), ingress.meta().source(), field + ".mesh");
    String service = available.tags().getOrDefault(Tags.SERVICE, "");
    if (service.isEmpty()) {
      listener.notice(
          Problem.warning(
              ingress.meta().source(),
              field + ".tags",
              "no %s, so nothing can ask for it (expected: the name of the service)"
                  .formatted(Tags.SERVICE)));
    } else if (mesh.isPresent() && takesPart(mesh.get())) {
      services
          .computeIfAbsent(available.mesh(), name -> new TreeMap<>())
          .computeIfAbsent(service, name -> new RemoteService(mesh.get(), ingress.meta().source()))
          .add(ingress, advertised, available);
    }
  }

  private boolean takesPart(Mesh mesh) {
    if (!mesh.zoneEgress()) {
      listener.notice(
          Problem.warning(
              mesh.meta().source(),
              "routing.zoneEgress",
              "off, so mesh %s has no cross-zone chains in the egress though other zones have services of it"
                  .formatted(mesh.meta().name())));
    }
    return mesh.zoneEgress() && mesh.meshServices() != MeshServicesMode.EXCLUSIVE;
  }

  private Translation finish() {
    services.forEach(
        (mesh, ofMesh) ->
            ofMesh.forEach(
                (service, remote) ->
                    listener.routeTags(
                        mesh,
                        service,
                        remote.localities(),
                        new RouteOwner(
                            "service %s of mesh %s".formatted(service, mesh), remote.source()))));
    return listener.finish();
  }
}
