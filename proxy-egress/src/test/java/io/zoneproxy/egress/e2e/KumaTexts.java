package io.zoneproxy.egress.e2e;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Resources in Kuma's Universal form. */
final class KumaTexts {
  /** The port in the hash form of a server name. */
  static final int SERVICE_PORT = 80;

  private KumaTexts() {}

  /** Several documents in one text. */
  static String documents(String... texts) {
    return String.join("---\n", texts);
  }

  static String documents(List<String> texts) {
    return String.join("---\n", texts);
  }

  static String zone(String name, boolean enabled) {
    return "type: Zone\nname: %s\nenabled: %s\n".formatted(name, enabled);
  }

  /** With mTLS, and cross-zone traffic through the egress. */
  static String mesh(String name) {
    return mesh(name, true);
  }

  static String mesh(String name, boolean zoneEgress) {
    return meshWithoutTls(name)
        + """
        mtls:
          enabledBackend: ca-1
          backends: [{name: ca-1, type: builtin}]
        routing: {zoneEgress: %s}
        """
            .formatted(zoneEgress);
  }

  static String meshWithoutTls(String name) {
    return "type: Mesh\nname: " + name + "\n";
  }

  static String ownEgress(String zone) {
    return own("ZoneEgress", zone, 0, 0);
  }

  static String ownIngress(String zone) {
    return own("ZoneIngress", zone, 0, 0);
  }

  /**
   * A proxy's own resource on 127.0.0.1.
   *
   * @param port 0 = the kernel chooses
   * @param adminPort 0 = none
   */
  static String own(String type, String zone, int port, int adminPort) {
    return """
    type: %s
    name: own-%s
    zone: %s
    networking: {address: 127.0.0.1, port: %d, admin: {port: %d}}
    """
        .formatted(type, zone, zone, port, adminPort);
  }

  static String dataplane(Instance instance) {
    return """
    type: Dataplane
    mesh: %s
    name: %s
    networking:
      address: 127.0.0.1
      inbound: [{name: main, port: %d, tags: %s}]
    """
        .formatted(instance.mesh(), instance.name(), instance.port(), flow(instance.allTags()));
  }

  static String meshService(String mesh, String name) {
    return """
    type: MeshService
    mesh: %1$s
    name: %2$s
    spec:
      selector: {dataplaneTags: {kuma.io/service: %2$s}}
      ports: [{port: %3$d, targetPort: main}]
    """
        .formatted(mesh, name, SERVICE_PORT);
  }

  /** Another zone's ingress with nothing behind it; {@link #available} lines follow. */
  static String ingress(String zone, String name, InetSocketAddress advertised, String... lines) {
    return """
    type: ZoneIngress
    name: %1$s
    zone: %2$s
    networking:
      address: 127.0.0.1
      port: %3$d
      advertisedAddress: 127.0.0.1
      advertisedPort: %3$d
    availableServices:
    """
            .formatted(name, zone, advertised.getPort())
        + String.join("", lines);
  }

  static String available(String mesh, Map<String, String> tags, int instances) {
    return "  - {mesh: %s, instances: %d, tags: %s}\n".formatted(mesh, instances, flow(tags));
  }

  /** What an ingress says of these instances: one line for equal tags. */
  static String[] available(List<Instance> instances) {
    return instances.stream()
        .map(Instance::mesh)
        .distinct()
        .flatMap(mesh -> of(mesh, instances))
        .toArray(String[]::new);
  }

  private static Stream<String> of(String mesh, List<Instance> instances) {
    Map<Map<String, String>, Long> byTags =
        instances.stream()
            .filter(instance -> instance.mesh().equals(mesh))
            .collect(Collectors.groupingBy(Instance::allTags, Collectors.counting()));
    return byTags.entrySet().stream()
        .map(entry -> available(mesh, entry.getKey(), entry.getValue().intValue()));
  }

  private static String flow(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream()
            .map(tag -> tag.getKey() + ": " + tag.getValue())
            .collect(Collectors.joining(", ", "{", "}"));
  }

  /**
   * A process of a service on 127.0.0.1.
   *
   * @param name of its Dataplane
   * @param tags besides the service
   */
  record Instance(String mesh, String name, String service, Map<String, String> tags, int port) {
    /** In the mesh {@code default}, without further tags. */
    static Instance of(String service, int port) {
      return new Instance("default", service + "-" + port, service, Map.of(), port);
    }

    Instance with(String tag, String value) {
      Map<String, String> more = new TreeMap<>(tags);
      more.put(tag, value);
      return new Instance(mesh, name, service, more, port);
    }

    Instance in(String otherMesh) {
      return new Instance(otherMesh, name, service, tags, port);
    }

    Map<String, String> allTags() {
      Map<String, String> all = new TreeMap<>(tags);
      all.put("kuma.io/service", service);
      return all;
    }
  }
}
