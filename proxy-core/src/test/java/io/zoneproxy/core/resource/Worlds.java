package io.zoneproxy.core.resource;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.ZoneIngress.AvailableService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Worlds of Kuma resources for tests: each builder writes what a short document would hold. */
public final class Worlds {
  private final List<Resource> all = new ArrayList<>();

  /** A world with nothing in it. */
  public static Worlds empty() {
    return new Worlds();
  }

  /** A world with the mesh {@code default}: mTLS, zone egress, services in tag form. */
  public static Worlds withDefaultMesh() {
    return empty().add(mesh("default"));
  }

  /** Adds resources. */
  public Worlds add(Resource... resources) {
    all.addAll(List.of(resources));
    return this;
  }

  /** What was added. */
  public Resources resources() {
    return new Resources(all);
  }

  /** A mesh with mTLS, zone egress and services in tag form. */
  public static Mesh mesh(String name) {
    return mesh(name, MeshServicesMode.DISABLED);
  }

  /** A mesh with mTLS and zone egress. */
  public static Mesh mesh(String name, MeshServicesMode mode) {
    return new Mesh(meta("Mesh", name, ""), true, mode, true, false);
  }

  /** A mesh as the user wrote it, all switches. */
  public static Mesh mesh(String name, boolean mtls, boolean zoneEgress, boolean localityAware) {
    return new Mesh(
        meta("Mesh", name, ""), mtls, MeshServicesMode.DISABLED, zoneEgress, localityAware);
  }

  /** An identity for the data planes of a mesh. */
  public static MeshIdentity identity(String mesh) {
    return new MeshIdentity(meta("MeshIdentity", "identity", mesh));
  }

  /** A zone. */
  public static Zone zone(String name, boolean enabled) {
    return new Zone(meta("Zone", name, ""), enabled);
  }

  /** The own egress. */
  public static ZoneEgress egress(String host, int port) {
    return new ZoneEgress(meta("ZoneEgress", "egress", ""), "", new HostPort(host, port), 0);
  }

  /** The own ingress. */
  public static ZoneIngress ownIngress(String host, int port) {
    return ingress("own", "", new HostPort(host, port), Optional.empty());
  }

  /** An ingress of another zone. */
  public static ZoneIngress ingress(
      String zone, String name, String advertised, int port, AvailableService... services) {
    return ingress(
        name,
        zone,
        new HostPort("192.0.2.1", 10001),
        Optional.of(new HostPort(advertised, port)),
        services);
  }

  /** An ingress, every field. */
  public static ZoneIngress ingress(
      String name,
      String zone,
      HostPort address,
      Optional<HostPort> advertised,
      AvailableService... services) {
    return new ZoneIngress(
        meta("ZoneIngress", name, ""), zone, address, advertised, 0, List.of(services));
  }

  /** Instances of a service with these tags besides {@code kuma.io/service}. */
  public static AvailableService available(
      String mesh, String service, int instances, String... tags) {
    return new AvailableService(tagsOf(service, tags), instances, mesh, false);
  }

  /** A data plane of the own zone. */
  public static Dataplane dataplane(String mesh, String name, Dataplane.Inbound... inbounds) {
    return dataplane(mesh, name, Map.of(), inbounds);
  }

  /** A data plane with labels. */
  public static Dataplane dataplane(
      String mesh, String name, Map<String, String> labels, Dataplane.Inbound... inbounds) {
    return new Dataplane(
        meta("Dataplane", name, mesh, labels), "192.0.2.9", 0, List.of(inbounds), List.of());
  }

  /** A mesh-scoped zone proxy. */
  public static Dataplane zoneProxy(String mesh, Dataplane.Listener... listeners) {
    return new Dataplane(
        meta("Dataplane", "zp-1", mesh), "10.9.0.1", 0, List.of(), List.of(listeners));
  }

  /** A ready inbound with these tags besides {@code kuma.io/service}. */
  public static Dataplane.Inbound inbound(String host, int port, String service, String... tags) {
    return new Dataplane.Inbound("", new HostPort(host, port), tagsOf(service, tags), true);
  }

  /** A ready inbound without tags, with a name. */
  public static Dataplane.Inbound namedInbound(String name, String host, int port) {
    return new Dataplane.Inbound(name, new HostPort(host, port), Map.of(), true);
  }

  /** The same inbound, taking no traffic. */
  public static Dataplane.Inbound notReady(Dataplane.Inbound inbound) {
    return new Dataplane.Inbound(inbound.name(), inbound.address(), inbound.tags(), false);
  }

  /** A MeshService of the own zone that selects by {@code kuma.io/service}, its name. */
  public static MeshService meshService(String mesh, String name, int port) {
    return meshService(
        mesh,
        name,
        Map.of(),
        new MeshService.Selector.ByTags(Map.of("kuma.io/service", name)),
        port(port));
  }

  /** A MeshService, every field. */
  public static MeshService meshService(
      String mesh,
      String name,
      Map<String, String> labels,
      MeshService.Selector selector,
      MeshService.ServicePort... ports) {
    return new MeshService(meta("MeshService", name, mesh, labels), selector, List.of(ports));
  }

  /** A MeshMultiZoneService. */
  public static MeshMultiZoneService multiZoneService(
      String mesh, String name, Map<String, String> matchLabels, MeshService.ServicePort... ports) {
    return new MeshMultiZoneService(
        meta("MeshMultiZoneService", name, mesh), matchLabels, List.of(ports));
  }

  /** A port without a name whose target is itself. */
  public static MeshService.ServicePort port(int port) {
    return new MeshService.ServicePort("", port, Integer.toString(port));
  }

  /** {@code tags("version", "v1")}. */
  public static Map<String, String> tags(String... keysAndValues) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tags.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return tags;
  }

  private static Map<String, String> tagsOf(String service, String... tags) {
    Map<String, String> all = tags(tags);
    all.put("kuma.io/service", service);
    return all;
  }

  private static Meta meta(String type, String name, String mesh) {
    return meta(type, name, mesh, Map.of());
  }

  private static Meta meta(String type, String name, String mesh, Map<String, String> labels) {
    return new Meta(type, name, mesh, labels, new Source(type + "-" + name + ".yaml", 1, 1));
  }
}
