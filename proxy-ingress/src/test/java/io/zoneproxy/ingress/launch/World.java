package io.zoneproxy.ingress.launch;

import io.zoneproxy.core.relay.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** A zone on disk: an ingress on free ports, its resource files, and the flags to run it. */
public final class World {
  /** The server name of the one service. */
  public static final String BACKEND = "backend{mesh=default}";

  private static final String MESH =
      """
      type: Mesh
      name: default
      mtls: {enabledBackend: ca, backends: [{name: ca, type: builtin}]}
      """;

  private static final String DATAPLANE =
      """
      type: Dataplane
      mesh: default
      name: %s-1
      networking:
        address: 127.0.0.1
        inbound:
        - port: %d
          tags:
            kuma.io/service: %s
      """;

  private final Path folder;

  /** Three ports that were free together. */
  public final int port;

  /** Of the admin API. */
  public final int admin;

  /** Of {@code /ready} alone. */
  public final int readiness;

  /** The own resource's file. */
  public final Path own;

  /** The folder of all other resources. */
  public final Path resources;

  /**
   * Writes the files.
   *
   * @param folder an empty one
   * @param backend the port of the one service
   */
  public World(Path folder, int backend) throws IOException {
    this.folder = folder;
    port = FreePort.onLoopback();
    admin = FreePort.onLoopback();
    readiness = FreePort.onLoopback();
    own = folder.resolve("ingress.yaml");
    resources = Files.createDirectory(folder.resolve("resources"));
    Files.writeString(own, ingress("ingress-1"));
    write("mesh.yaml", MESH);
    write("backend.yaml", dataplane("backend", backend));
  }

  /** The text of an own resource on this world's ports. */
  public String ingress(String name) {
    return """
    type: ZoneIngress
    name: %s
    networking:
      address: 127.0.0.1
      port: %d
      admin: {port: %d}
    """
        .formatted(name, port, admin);
  }

  /** The text of a data plane with one service. */
  public static String dataplane(String service, int port) {
    return DATAPLANE.formatted(service, port, service);
  }

  /** Puts a resource file there in one step, as careful operators do. */
  public Path write(String name, String text) throws IOException {
    Path half = Files.writeString(folder.resolve("half"), text);
    return Files.move(half, resources.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /** All flags that a run needs, and these, which win. */
  public String[] flags(String... more) {
    List<String> flags =
        new ArrayList<>(
            List.of(
                "--proxy-type=ingress",
                "--dataplane-file=" + own,
                "--resources=" + resources,
                "--zone=east",
                "--readiness-port=" + readiness));
    flags.addAll(List.of(more));
    return flags.toArray(new String[0]);
  }

  /** Whether nobody listens on any of the ports. */
  public boolean isUnbound() throws IOException {
    for (int each : List.of(port, admin, readiness)) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), each));
      } catch (java.net.BindException e) {
        return false;
      }
    }
    return true;
  }
}
