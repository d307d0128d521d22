package io.zoneproxy.egress.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The demo's mesh as Kuma's resources in their Universal form: what a control plane would tell each
 * zone's proxies, in files.
 */
final class DemoResources {
  private static final String MESH_AND_ZONES =
      """
      type: Zone
      name: east
      enabled: true
      ---
      type: Zone
      name: west
      enabled: true
      ---
      type: Mesh
      name: default
      mtls:
        enabledBackend: demo-ca
        backends:
          - name: demo-ca
            type: provided
            conf:
              cert:
                file: %s
              key:
                file: %s
      routing:
        zoneEgress: true
        defaultForbidMeshExternalServiceAccess: true
      """;

  /** Between documents of one file. */
  private static final String NEXT = "---\n";

  private final DemoWorld world;

  DemoResources(DemoWorld world) {
    this.world = world;
  }

  /** Writes both zones' files to the places that the world names. */
  void writeTo(DemoFolder folder) throws IOException {
    for (String zone : DemoWorld.ZONES) {
      String resources = zone + "/resources/";
      folder.write(resources + "mesh.yaml", mesh());
      folder.write(resources + "doors.yaml", doors(zone));
      folder.write(resources + "dataplanes.yaml", dataplanes(zone));
      folder.write(resources + "services.yaml", services(zone));
      folder.write(zone + "/egress.yaml", egress(zone));
      folder.write(zone + "/ingress.yaml", ingress(zone));
    }
  }

  /** Everything that a zone's proxies are told, as one text of many documents. */
  String of(String zone) {
    return String.join(NEXT, mesh(), doors(zone), dataplanes(zone), services(zone));
  }

  /** The zone's own ZoneEgress. */
  String egress(String zone) {
    InetSocketAddress address = world.doors(zone).egress();
    return """
    type: ZoneEgress
    name: egress-%s
    zone: %s
    networking:
      address: %s
      port: %d
    """
        .formatted(zone, zone, host(address), address.getPort());
  }

  /** A zone's ZoneIngress, with what can be reached through it. */
  String ingress(String zone) {
    InetSocketAddress address = world.doors(zone).ingress();
    return """
    type: ZoneIngress
    name: ingress-%1$s
    zone: %1$s
    networking:
      address: %2$s
      port: %3$d
      advertisedAddress: %2$s
      advertisedPort: %3$d
    availableServices:
    %4$s\
    """
        .formatted(zone, host(address), address.getPort(), available(zone));
  }

  /** The authority's files: of them each egress issues the certificate by which it ends TLS. */
  private String mesh() {
    return MESH_AND_ZONES.formatted(
        quoted(world.folder().resolve("ca.pem")), quoted(world.folder().resolve("ca.key")));
  }

  /** As YAML takes every path. */
  private static String quoted(Path file) {
    return "'" + file.toString().replace("'", "''") + "'";
  }

  /** Every zone's ingress, because an egress needs the others' and nothing else of them. */
  private String doors(String zone) {
    return DemoWorld.ZONES.stream().map(this::ingress).collect(Collectors.joining(NEXT))
        + NEXT
        + egress(zone);
  }

  private String dataplanes(String zone) {
    return world.in(zone).stream()
        .map(
            instance ->
                """
                type: Dataplane
                mesh: default
                name: %s
                networking:
                  address: 127.0.0.1
                  inbound:
                    - name: main
                      port: %d
                      tags:
                %s\
                """
                    .formatted(instance.name(), instance.port(), tags(instance.tags(), 10)))
        .collect(Collectors.joining(NEXT));
  }

  /** The target is a name: on one address, instances cannot share a port number. */
  private String services(String zone) {
    return world.in(zone).stream()
        .map(DemoWorld.Instance::service)
        .distinct()
        .map(
            service ->
                """
                type: MeshService
                mesh: default
                name: %1$s
                labels:
                  kuma.io/display-name: %1$s
                  kuma.io/zone: %2$s
                spec:
                  selector:
                    dataplaneTags:
                      kuma.io/service: %1$s
                  ports:
                    - port: %3$d
                      targetPort: main
                      appProtocol: http
                """
                    .formatted(service, zone, DemoWorld.SERVICE_PORT))
        .collect(Collectors.joining(NEXT));
  }

  /** Instances with equal tags are one entry with a number. */
  private String available(String zone) {
    Map<String, Long> byTags =
        world.in(zone).stream()
            .collect(
                Collectors.groupingBy(
                    instance -> tags(instance.tags(), 6), TreeMap::new, Collectors.counting()));
    return byTags.entrySet().stream()
        .map(
            entry ->
                "  - mesh: default\n    instances: %d\n    tags:\n%s"
                    .formatted(entry.getValue(), entry.getKey()))
        .collect(Collectors.joining());
  }

  private static String tags(Map<String, String> tags, int indent) {
    return new TreeMap<>(tags)
        .entrySet().stream()
            .map(tag -> " ".repeat(indent) + tag.getKey() + ": " + tag.getValue() + "\n")
            .collect(Collectors.joining());
  }

  private static String host(InetSocketAddress address) {
    return address.getAddress().getHostAddress();
  }
}
