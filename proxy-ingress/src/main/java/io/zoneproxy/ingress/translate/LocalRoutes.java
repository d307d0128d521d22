package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.MeshMultiZoneService;
import io.zoneproxy.core.resource.MeshService;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.ingress.translate.LocalMesh.LocalInbound;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives a listener its chains to one mesh's local data planes, in each of the three forms of name.
 *
 * <p>A MeshService or MeshMultiZoneService has its chain even while nothing is behind it, as in
 * Kuma: its connections then end for want of an endpoint, which says more than an unknown name. A
 * service in tag form is there as long as an inbound is ready, for it is made of nothing else.
 */
final class LocalRoutes {
  private final ListenerTranslation listener;
  private final String zone;
  private final LocalMesh local;
  private final Locality locality; // one for all: there may be 100,000 clusters

  LocalRoutes(ListenerTranslation listener, String zone, LocalMesh local) {
    this.listener = listener;
    this.zone = zone;
    this.local = local;
    this.locality = Locality.ofZone(zone);
  }

  /** The tag form: {@code backend{mesh=default}} to the cluster {@code default:backend}. */
  void addTagForm(String mesh) {
    local
        .services()
        .forEach(
            (service, inbounds) -> {
              RouteOwner owner =
                  new RouteOwner(
                      "service %s of mesh %s".formatted(service, mesh),
                      inbounds.get(0).dataplane().meta().source());
              listener.routeTags(mesh, service, endpoints(inbounds, owner), owner);
            });
  }

  /**
   * The hash form: {@code a….backend.8080.default.ms} to {@code default_backend__east_msvc_8080}.
   */
  void addHashForm() {
    for (MeshService service : local.meshServices()) {
      Meta meta = service.meta();
      String cluster =
          "%s_%s_%s_%s_msvc_".formatted(meta.mesh(), name(meta), namespace(meta), zone);
      for (MeshService.ServicePort port : service.ports()) {
        listener.route(
            ServerNames.ofMeshService(hashName(meta), port.port(), meta.mesh()),
            cluster + port.port(),
            endpoints(local.behind(service, port), owner(meta)),
            owner(meta));
      }
    }
    for (MeshMultiZoneService service : local.multiZoneServices()) {
      Meta meta = service.meta();
      String cluster = "%s_%s___mzsvc_".formatted(meta.mesh(), name(meta));
      for (MeshService.ServicePort port : service.ports()) {
        listener.route(
            ServerNames.ofMeshMultiZoneService(name(meta), port.port(), meta.mesh()),
            cluster + port.port(),
            endpoints(local.behind(service, port), owner(meta)),
            owner(meta));
      }
    }
  }

  /** The KRI form: {@code sni.msvc.default.east.backend.http}, cluster {@code kri_msvc_…}. */
  void addKriForm() {
    for (MeshService service : local.meshServices()) {
      Meta meta = service.meta();
      String cluster =
          "kri_msvc_%s_%s_%s_%s_".formatted(meta.mesh(), zone, namespace(meta), name(meta));
      for (MeshService.ServicePort port : service.ports()) {
        routeKri(
            ServerNames.kriOfMeshService(
                meta.mesh(), zone, namespace(meta), name(meta), port.section()),
            cluster + port.section(),
            local.behind(service, port),
            owner(meta));
      }
    }
    for (MeshMultiZoneService service : local.multiZoneServices()) {
      Meta meta = service.meta();
      String cluster = "kri_mzsvc_%s___%s_".formatted(meta.mesh(), name(meta));
      for (MeshService.ServicePort port : service.ports()) {
        routeKri(
            ServerNames.kriOfMeshMultiZoneService(meta.mesh(), name(meta), port.section()),
            cluster + port.section(),
            local.behind(service, port),
            owner(meta));
      }
    }
  }

  private void routeKri(
      Optional<String> serverName, String cluster, List<LocalInbound> inbounds, RouteOwner owner) {
    if (serverName.isPresent()) {
      listener.route(serverName.get(), cluster, endpoints(inbounds, owner), owner);
      return;
    }
    listener.notice(
        Problem.warning(
            owner.source(),
            "",
            "%s has no server name, so no chain: %s (expected: mesh, zone, name and port name of at most 63 lower-case letters, digits and hyphens each, 253 together)"
                .formatted(owner.name(), cluster)));
  }

  /** One locality, the own zone; none when there is no inbound. */
  private List<LocalityEndpoints> endpoints(List<LocalInbound> inbounds, RouteOwner owner) {
    Map<HostPort, EndpointSpec> endpoints = new LinkedHashMap<>();
    for (LocalInbound inbound : inbounds) {
      EndpointSpec first = endpoints.putIfAbsent(inbound.key(), inbound.endpoint());
      if (first != null && !first.tags().equals(inbound.endpoint().tags())) {
        noticeSecond(inbound, owner);
      }
    }
    return endpoints.isEmpty()
        ? List.of()
        : List.of(new LocalityEndpoints(locality, 0, List.copyOf(endpoints.values())));
  }

  private void noticeSecond(LocalInbound second, RouteOwner owner) {
    Dataplane dataplane = second.dataplane();
    listener.notice(
        Problem.warning(
            dataplane.meta().source(),
            "networking.inbound[%d]".formatted(dataplane.inbounds().indexOf(second.inbound())),
            "%s is in %s a second time, with other tags (expected: once): the first is taken"
                .formatted(second.endpoint().address(), owner.name())));
  }

  private static RouteOwner owner(Meta meta) {
    return new RouteOwner(meta.id(), meta.source());
  }

  /** A resource that was synced from elsewhere has another name here. */
  private static String name(Meta meta) {
    return meta.labels().getOrDefault(Tags.DISPLAY_NAME, meta.name());
  }

  private static String namespace(Meta meta) {
    return meta.labels().getOrDefault(Tags.NAMESPACE, "");
  }

  private static String hashName(Meta meta) {
    String namespace = namespace(meta);
    return namespace.isEmpty() || namespace.equals(ServerNames.SYSTEM_NAMESPACE)
        ? name(meta)
        : name(meta) + "." + namespace;
  }
}
