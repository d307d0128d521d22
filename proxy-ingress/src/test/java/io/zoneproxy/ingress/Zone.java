package io.zoneproxy.ingress;

import io.zoneproxy.tls.hello.ClientHellos;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A zone's folder in tests, and a client of its ingress. */
record Zone(String name, Path folder) {
  /** Of a TLS record; its last two bytes are the length of what follows. */
  private static final int HEADER_BYTES = 5;

  private static final int PATIENCE_MILLIS = 20_000;

  /** Makes the folder, with a mesh in it. */
  static Zone in(Path parent, String name) throws IOException {
    Zone zone = new Zone(name, Files.createDirectory(parent.resolve(name)));
    zone.write(
        "mesh.yaml",
        """
        type: Mesh
        name: default
        mtls: {enabledBackend: ca, backends: [{name: ca, type: builtin}]}
        """);
    return zone;
  }

  /** Its own ZoneIngress, on a port of the kernel's choice. */
  String ingress() {
    return ingress(0);
  }

  String ingress(int port) {
    return """
    type: ZoneIngress
    name: ingress-%s
    networking: {address: 127.0.0.1, port: %d}
    """
        .formatted(name, port);
  }

  Path write(String file, String text) throws IOException {
    return Files.writeString(folder.resolve(file), text);
  }

  /** A Dataplane with this service on 127.0.0.1. */
  void runs(String service, int port) throws IOException {
    write(
        service + ".yaml",
        """
        type: Dataplane
        mesh: default
        name: %s-1
        networking:
          address: 127.0.0.1
          inbound: [{port: %d, tags: {kuma.io/service: %s}}]
        """
            .formatted(service, port, service));
  }

  /** Opens a connection to a service of the mesh: a ClientHello, and nothing more yet. */
  static Socket dial(InetSocketAddress ingress, String service) throws IOException {
    Socket socket = new Socket(ingress.getAddress(), ingress.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    byte[] message = ClientHellos.withServerName(service + "{mesh=default}");
    socket.getOutputStream().write(ClientHellos.records(message));
    return socket;
  }

  /** What a service says first; "" when the ingress closes instead. */
  static String ask(InetSocketAddress ingress, String service) throws IOException {
    try (Socket socket = dial(ingress, service)) {
      return line(socket);
    }
  }

  /** The next line, without its end. */
  static String line(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = socket.getInputStream().read();
        next >= 0 && next != '\n';
        next = socket.getInputStream().read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  /** Takes the ClientHello, says a line, and then echoes. */
  static void greet(Socket socket, String text) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(socket.getInputStream().readNBytes(HEADER_BYTES));
    socket.getInputStream().readNBytes(header.getShort(HEADER_BYTES - Short.BYTES));
    socket.getOutputStream().write((text + "\n").getBytes(StandardCharsets.US_ASCII));
    socket.getInputStream().transferTo(socket.getOutputStream());
  }
}
