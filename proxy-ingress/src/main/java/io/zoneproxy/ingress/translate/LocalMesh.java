package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.MeshMultiZoneService;
import io.zoneproxy.core.resource.MeshService;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one mesh has in the own zone: ready inbounds, MeshServices, MeshMultiZoneServices.
 *
 * <p>A resource is of the own zone when its label {@code kuma.io/zone} says so or is missing; an
 * inbound's tag of that name must not say otherwise either, so that the data planes of two zones
 * may lie in one folder.
 */
final class LocalMesh {
  private final String zone;
  private final Map<String, List<LocalInbound>> services = new TreeMap<>();
  private final LabelIndex<LocalInbound> byTag = new LabelIndex<>();
  private final LabelIndex<LocalInbound> byLabel = new LabelIndex<>();
  private final Map<String, List<LocalInbound>> byName = new HashMap<>();
  private final List<MeshService> meshServices = new ArrayList<>();
  private final LabelIndex<MeshService> meshServicesByLabel = new LabelIndex<>();
  private final List<MeshMultiZoneService> multiZoneServices = new ArrayList<>();
  private final Meta named;

  private LocalMesh(String zone, Meta named) {
    this.zone = zone;
    this.named = named;
  }

  /**
   * Sorts the resources by mesh.
   *
   * @param zone the own zone; "" when unknown, then only what names no zone is its own
   * @return by name of the mesh
   */
  static Map<String, LocalMesh> of(Resources resources, String zone) {
    Map<String, LocalMesh> meshes = new TreeMap<>();
    resources
        .of(Dataplane.class)
        .filter(dataplane -> isLocal(dataplane.meta().zone(), zone))
        .forEach(dataplane -> in(meshes, zone, dataplane.meta()).add(dataplane));
    resources
        .of(MeshService.class)
        .filter(service -> isLocal(service.meta().zone(), zone))
        .forEach(service -> in(meshes, zone, service.meta()).add(service));
    resources
        .of(MeshMultiZoneService.class)
        .forEach(service -> in(meshes, zone, service.meta()).multiZoneServices.add(service));
    return meshes;
  }

  private static LocalMesh in(Map<String, LocalMesh> meshes, String zone, Meta meta) {
    return meshes.computeIfAbsent(meta.mesh(), name -> new LocalMesh(zone, meta));
  }

  private static boolean isLocal(String written, String zone) {
    return written.isEmpty() || written.equals(zone);
  }

  private void add(Dataplane dataplane) {
    Map<String, String> labels = labels(dataplane.meta());
    for (Dataplane.Inbound inbound : dataplane.inbounds()) {
      if (inbound.ready() && isLocal(inbound.tags().getOrDefault(Tags.ZONE, ""), zone)) {
        LocalInbound local = new LocalInbound(dataplane, inbound, endpoint(inbound));
        String service = inbound.tags().getOrDefault(Tags.SERVICE, "");
        if (!service.isEmpty()) {
          services.computeIfAbsent(service, name -> new ArrayList<>()).add(local);
        }
        byTag.add(inbound.tags(), local);
        byLabel.add(labels, local);
        byName.computeIfAbsent(dataplane.meta().name(), name -> new ArrayList<>()).add(local);
      }
    }
  }

  private EndpointSpec endpoint(Dataplane.Inbound inbound) {
    Map<String, String> tags = new HashMap<>(inbound.tags());
    tags.remove(Tags.SERVICE);
    putZone(tags);
    return new EndpointSpec(inbound.address(), 1, tags);
  }

  private void add(MeshService service) {
    meshServices.add(service);
    meshServicesByLabel.add(labels(service.meta()), service);
  }

  /** The labels that a control plane would see: those written, and those it computes. */
  private Map<String, String> labels(Meta meta) {
    Map<String, String> labels = new HashMap<>(meta.labels());
    labels.putIfAbsent(Tags.DISPLAY_NAME, meta.name());
    labels.putIfAbsent(Tags.MESH_LABEL, meta.mesh());
    putZone(labels);
    return labels;
  }

  private void putZone(Map<String, String> tags) {
    if (!zone.isEmpty()) {
      tags.putIfAbsent(Tags.ZONE, zone);
    }
  }

  /** Some resource that names the mesh, for a notice. */
  Meta named() {
    return named;
  }

  /** The inbounds by their {@code kuma.io/service}, in the order of the names. */
  Map<String, List<LocalInbound>> services() {
    return services;
  }

  /** The MeshServices of the own zone. */
  List<MeshService> meshServices() {
    return meshServices;
  }

  /** All MeshMultiZoneServices: they belong to no zone. */
  List<MeshMultiZoneService> multiZoneServices() {
    return multiZoneServices;
  }

  /** The inbounds behind a port of a MeshService. */
  List<LocalInbound> behind(MeshService service, MeshService.ServicePort port) {
    return selected(service.selector()).stream()
        .filter(local -> isTarget(port.target(), local.inbound()))
        .toList();
  }

  /** The inbounds behind a port of a MeshMultiZoneService: those of its MeshServices' same port. */
  List<LocalInbound> behind(MeshMultiZoneService service, MeshService.ServicePort port) {
    List<LocalInbound> behind = new ArrayList<>();
    for (MeshService member : meshServicesByLabel.find(service.matchLabels())) {
      for (MeshService.ServicePort candidate : member.ports()) {
        if (candidate.port() == port.port()) {
          behind.addAll(behind(member, candidate));
        }
      }
    }
    return behind;
  }

  private List<LocalInbound> selected(MeshService.Selector selector) {
    if (selector instanceof MeshService.Selector.ByTags by) {
      return byTag.find(by.tags());
    }
    if (selector instanceof MeshService.Selector.ByLabels by) {
      return byLabel.find(by.labels());
    }
    if (selector instanceof MeshService.Selector.ByName by) {
      return byName.getOrDefault(by.name(), List.of());
    }
    throw new IllegalStateException("selector: " + selector + " (expected: tags, labels or name)");
  }

  private static boolean isTarget(String target, Dataplane.Inbound inbound) {
    return target.equals(inbound.name())
        || target.equals(Integer.toString(inbound.address().port()));
  }

  /**
   * A ready inbound.
   *
   * @param endpoint what it is in every cluster that has it
   */
  record LocalInbound(Dataplane dataplane, Dataplane.Inbound inbound, EndpointSpec endpoint) {
    /** The address without regard to case: one address is one endpoint of a cluster. */
    HostPort key() {
      HostPort address = inbound.address();
      return new HostPort(ServerNames.lowerCase(address.host()), address.port());
    }
  }
}
