package io.zoneproxy.bench.side;

import io.zoneproxy.ingress.translate.ServerNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** zoneproxy as users start it: the launcher, a zone ingress, resource files. */
public final class Zoneproxy implements Peer {
  public static final String NAME = "zoneproxy";

  private static final String MESH = "default";
  private static final String SERVICE = "backend";
  private static final int SERVICE_PORT = 8080;

  private final Path repository;
  private final String javaOptions;

  /**
   * As built in the repository.
   *
   * @param javaOptions beside the launcher's own; "" for none
   */
  Zoneproxy(Path repository, String javaOptions) {
    this.repository = repository;
    this.javaOptions = javaOptions;
  }

  /** Kuma's hash form of the one service: a DNS name, so that every peer can route it. */
  static String serverName() {
    return ServerNames.ofMeshService(SERVICE, SERVICE_PORT, MESH);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String title() {
    return "zoneproxy";
  }

  @Override
  public Optional<String> absence() {
    return Files.exists(jar())
        ? Optional.empty()
        : Optional.of(jar() + " is not built (expected: mvn -DskipTests package)");
  }

  private Path jar() {
    return repository.resolve("proxy-egress/target/egress.jar");
  }

  @Override
  public boolean takes(int loops) {
    return true;
  }

  @Override
  public Optional<Launch> prepare(Place place) throws IOException {
    Path ingress = place.folder().resolve("ingress.yaml");
    Path resources = resources(place);
    Files.createDirectories(resources);
    Files.writeString(ingress, ingress(place));
    Files.writeString(resources.resolve("zone.yaml"), zone(place));
    List<String> command =
        List.of(
            repository.resolve("config/bin/zoneproxy").toString(),
            "--proxy-type=ingress",
            "--dataplane-file=" + ingress,
            "--resources=" + resources,
            "--zone=east",
            "--concurrency=" + place.loops(),
            "--access-log=off",
            "--drain-time=1s",
            "--drain-accept-idle=0s");
    Map<String, String> environment =
        Map.of(
            "ZONEPROXY_JAR", jar().toString(),
            "ZONEPROXY_JAVA_OPTS", javaOptions,
            "KUMA_READINESS_PORT", String.valueOf(place.adminPort() + 1));
    return Optional.of(new Launch(command, environment));
  }

  /** The folder that is watched: a file renamed into it is a configuration push. */
  static Path resources(Place place) {
    return place.folder().resolve("resources");
  }

  private static String ingress(Place place) {
    return """
    type: ZoneIngress
    name: ingress-east
    networking:
      address: %1$s
      port: %2$d
      advertisedAddress: %1$s
      advertisedPort: %2$d
      admin:
        port: %3$d
    """
        .formatted(Place.HOST, place.port(), place.adminPort());
  }

  private static String zone(Place place) {
    return """
    type: Mesh
    name: %1$s
    mtls:
      enabledBackend: ca-1
      backends:
      - name: ca-1
        type: builtin
    ---
    type: Zone
    name: east
    enabled: true
    ---
    type: Dataplane
    mesh: %1$s
    name: %2$s-1
    networking:
      address: %4$s
      inbound:
      - port: %5$d
        tags:
          kuma.io/service: %2$s
          kuma.io/protocol: tcp
    ---
    """
            .formatted(MESH, SERVICE, SERVICE_PORT, Place.HOST, place.upstreamPort())
        + service(SERVICE, place.upstreamPort());
  }

  /** A MeshService on the one data plane. */
  static String service(String name, int upstreamPort) {
    return """
    type: MeshService
    mesh: %1$s
    name: %2$s
    labels:
      kuma.io/zone: east
    spec:
      selector:
        dataplaneTags:
          kuma.io/service: %3$s
      ports:
      - port: %4$d
        targetPort: %5$d
        appProtocol: tcp
    """
        .formatted(MESH, name, SERVICE, SERVICE_PORT, upstreamPort);
  }

  @Override
  public List<String> versionCommand() {
    return List.of();
  }
}
