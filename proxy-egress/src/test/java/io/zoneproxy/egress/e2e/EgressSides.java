package io.zoneproxy.egress.e2e;

import io.zoneproxy.ingress.translate.ServerNames;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Both sides of an egress from resource files: the mesh {@code default} with its authority, and
 * what is outside with another.
 */
final class EgressSides {
  final TestAuthority mesh = TestAuthority.create("mesh default");
  final TestAuthority outside = TestAuthority.create("outside");
  final ZoneFiles files;
  private final Path folder;

  /** Writes the files of the mesh; services are the test's. */
  EgressSides(Path folder) throws IOException {
    this.folder = folder;
    Files.writeString(folder.resolve("outside.pem"), outside.pem());
    Files.writeString(folder.resolve("mesh.pem"), mesh.pem());
    Files.writeString(folder.resolve("mesh.key"), mesh.keyPem());
    files = ZoneFiles.in(folder, "zone-1");
    files.put("mesh.yaml", mesh("1h", ""));
  }

  /** Who calls, as a member of the mesh. */
  Issued caller(String service) {
    return mesh.order().uri("spiffe://default/" + service).issue();
  }

  /**
   * The mesh.
   *
   * @param lifetime of the egress's certificate
   * @param routing more of it, or ""
   */
  String mesh(String lifetime, String routing) {
    return """
    type: Mesh
    name: default
    mtls:
      enabledBackend: ca-1
      backends:
        - name: ca-1
          type: provided
          dpCert: {rotation: {expiration: %s}}
          conf:
            cert: {file: %s}
            key: {file: %s}
    routing: {zoneEgress: true%s}
    """
        .formatted(lifetime, folder.resolve("mesh.pem"), folder.resolve("mesh.key"), routing);
  }

  /** The server name of a service. */
  static String serverName(String service, int port) {
    return ServerNames.ofMeshExternalService(service, port, "default");
  }

  /**
   * A service outside, in the clear.
   *
   * @param match its port and protocol
   * @param endpoints of {@link #endpoint}, with commas
   */
  static String service(String name, String match, String endpoints) {
    return """
    type: MeshExternalService
    mesh: default
    name: %s
    spec:
      match: {type: HostnameGenerator, %s}
      endpoints: [%s]
    """
        .formatted(name, match, endpoints);
  }

  /**
   * A service outside that is called over TLS.
   *
   * @param tls besides that it is enabled
   */
  static String service(String name, String match, String endpoints, String tls) {
    return service(name, match, endpoints) + "  tls: {enabled: true, %s}\n".formatted(tls);
  }

  static String endpoint(String address, int port) {
    return "{address: %s, port: %d}".formatted(address, port);
  }

  /** Verifies a service by the authority outside. */
  String verified() {
    return "verification: {caCert: {file: %s}}".formatted(folder.resolve("outside.pem"));
  }

  /** A policy for all services of the mesh. */
  static String rules(String lists) {
    return """
    type: MeshTrafficPermission
    mesh: default
    name: who
    spec:
      rules: [{default: {%s}}]
    """
        .formatted(lists);
  }

  /** What keeps one caller out. */
  static String denying(String service) {
    return rules(
        "deny: [{spiffeID: {type: Exact, value: spiffe://default/%s}}]".formatted(service));
  }
}
