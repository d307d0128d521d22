package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.resource.Meta;
import java.util.List;

/** Reads what all kinds have at the top of the document. */
final class MetaReader {
  /** Those that a control plane adds when it prints a resource are known, and not read. */
  static final List<String> FIELDS =
      List.of(
          "type",
          "name",
          "mesh",
          "labels",
          "creationTime",
          "modificationTime",
          "kri",
          "status",
          "spec");

  private static final String NAME =
      "a name of a-z, 0-9, '-' and '.', at most " + Names.MAX_NAME + " characters";
  private static final String MESH = "the name of a mesh, of a-z, 0-9, '.', '-' and '_'";

  private MetaReader() {}

  static Meta read(Kind kind, Fields top) {
    String name = top.requiredText("name", NAME);
    boolean isMesh = kind.type().equals("Mesh");
    boolean wellFormed = isMesh ? Names.isMesh(name) : Names.isSubdomain(name);
    if (!name.isEmpty() && !wellFormed) {
      top.error("name", Shown.text(name) + " (expected: " + (isMesh ? MESH : NAME) + ")");
    }
    return new Meta(kind.type(), name, mesh(kind, top), top.texts("labels"), top.source());
  }

  private static String mesh(Kind kind, Fields top) {
    if (!kind.isMeshScoped()) {
      String mesh = top.text("mesh");
      if (!mesh.isEmpty()) {
        top.warning(
            "mesh",
            Shown.text(mesh) + " (a " + kind.type() + " belongs to no mesh: leave the field out)");
      }
      return "";
    }
    String mesh = top.requiredText("mesh", MESH);
    if (!mesh.isEmpty() && !Names.isMesh(mesh)) {
      top.error("mesh", Shown.text(mesh) + " (expected: " + MESH + ")");
    }
    return mesh;
  }
}
