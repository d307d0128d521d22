package io.zoneproxy.ingress.example;

import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.ingress.ZoneIngress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A zone ingress inside another program: {@code EmbeddedIngress ZONE INGRESS_FILE FOLDER}. */
public final class EmbeddedIngress {
  private EmbeddedIngress() {}

  /** Serves what the folder says; each line on standard input reads it again. */
  public static void main(String[] args) throws IOException, BindException {
    try (ZoneIngress ingress =
        ZoneIngress.builder()
            .zone(args[0])
            .resource(Files.readString(Path.of(args[1]))) // its own ZoneIngress
            .resources(Path.of(args[2])) // Mesh, Dataplane, MeshService …
            .observer(closed -> System.out.println(closed.serverName() + " " + closed.reason()))
            .start()) {
      System.out.println("listening on " + ingress.address());
      for (int input = System.in.read(); input >= 0; input = System.in.read()) {
        if (input == '\n') {
          System.out.println("problems: " + ingress.reload());
        }
      }
    } // at once; ingress.drain() before it would let connections end
  }
}
