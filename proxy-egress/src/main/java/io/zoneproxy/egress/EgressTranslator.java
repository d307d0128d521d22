package io.zoneproxy.egress;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.ExternalService;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Zone;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.core.resource.ZoneIngress.AvailableService;
import io.zoneproxy.egress.external.Outside;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import io.zoneproxy.ingress.translate.RouteOwner;
import io.zoneproxy.ingress.translate.ServedMeshes;
import io.zoneproxy.ingress.translate.Tags;
import io.zoneproxy.ingress.translate.Translation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a zone's egress serves: the services of the other zones, each behind the ingresses that have
 * it, by the tag form.
 *
 * <p>A mesh takes part when it is served, sends its cross-zone traffic through the egress ({@code
 * routing.zoneEgress}) and has services in tag form at all. External services are served for every
 * mesh with an mTLS backend: TLS ends here for them. Those of another zone are reached through that
 * zone's ingress, as any service of it.
 */
public final class EgressTranslator {
  /** {@link Translation#role()} of what this makes. */
  public static final String ROLE = "egress";

  private final ListenerTranslation listener;
  private final ServedMeshes meshes;
  private final Map<String, Map<String, RemoteService>> services = new TreeMap<>();

  /** By mesh the services that are outside of it, and are reached from here. */
  private final Map<String, Set<String>> outside = new HashMap<>();

  private EgressTranslator(ListenerTranslation listener, ServedMeshes meshes) {
    this.listener = listener;
    this.meshes = meshes;
  }

  /**
   * Translates. Without any service the listener is there all the same: load balancers look for it.
   *
   * @param own the egress to be
   * @param zone the own zone, whose ingresses are not used; "" when unknown
   * @param systemCa authorities of external services that name none
   */
  public static Translation translate(
      ZoneEgress own, Resources resources, String zone, Path systemCa) {
    String name = "inbound:" + own.address();
    ListenerTranslation listener = new ListenerTranslation(ROLE, name, own.address());
    listener.noticeOtherZone(own.zone(), own.meta().source(), zone);
    EgressTranslator translator =
        new EgressTranslator(listener, new ServedMeshes(resources, listener::notice));
    translator.meshes.noticeUnserved();
    translator.addOutside(resources, new Outside(listener, name, resources, zone, systemCa));
    resources.of(Policy.class).forEach(translator::noticeUnknownMesh);
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

  private void addOutside(Resources resources, Outside services) {
    Set<String> told = new HashSet<>();
    Stream.concat(resources.of(ExternalService.class), resources.of(MeshExternalService.class))
        .map(Resource::meta)
        .filter(meta -> told.add(meta.mesh()))
        .forEach(
            meta ->
                meshes
                    .find(meta.mesh(), meta.source(), "mesh")
                    .ifPresent(mesh -> addOutside(mesh, services)));
  }

  private void addOutside(Mesh mesh, Outside services) {
    if (mesh.mtls()) {
      outside.put(mesh.meta().name(), services.route(mesh));
    } else {
      listener.notice(
          Problem.warning(
              mesh.meta().source(),
              "mtls",
              "mesh %s has no mTLS backend, so its external services are not served (expected: a builtin or provided one; a MeshIdentity is for the listeners of a Dataplane)"
                  .formatted(mesh.meta().name())));
    }
  }

  /** A slip of the pen, after which a denial is not in force. */
  private void noticeUnknownMesh(Policy policy) {
    meshes.noticeUnknown(policy.meta().mesh(), policy.meta().source(), "mesh");
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
    } else if (available.externalService()
        && outside.getOrDefault(available.mesh(), Set.of()).contains(service)) {
      return; // nearer than through another zone
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
