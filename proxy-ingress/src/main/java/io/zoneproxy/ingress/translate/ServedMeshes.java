package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.config.yaml.Nearest;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.MeshIdentity;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The meshes whose traffic can be routed: those with an mTLS backend or a MeshIdentity, as a zone
 * proxy routes by the SNI and there is none without TLS. (Kuma's ingress has chains for others too;
 * nothing ever matches them.) For one thread.
 */
public final class ServedMeshes {
  private final Map<String, Mesh> meshes = new LinkedHashMap<>();
  private final Set<String> withIdentity;
  private final Set<String> told = new HashSet<>();
  private final Consumer<Problem> notices;

  /**
   * Finds them.
   *
   * @param notices takes what there is to say, each mesh once
   */
  public ServedMeshes(Resources resources, Consumer<Problem> notices) {
    this.notices = notices;
    resources.of(Mesh.class).forEach(mesh -> meshes.put(mesh.meta().name(), mesh));
    withIdentity =
        resources
            .of(MeshIdentity.class)
            .map(identity -> identity.meta().mesh())
            .collect(Collectors.toSet());
  }

  /** Tells every mesh that is not served, also one that nothing asks for. */
  public void noticeUnserved() {
    meshes.values().stream().filter(mesh -> !isServed(mesh)).forEach(this::tellUnserved);
  }

  /**
   * The mesh of that name, empty if it is not served or has no resource; that is told.
   *
   * @param where who names the mesh
   * @param field the field that names it
   */
  public Optional<Mesh> find(String name, Source where, String field) {
    Mesh mesh = meshes.get(name);
    if (mesh == null) {
      noticeUnknown(name, where, field);
    } else if (!isServed(mesh)) {
      tellUnserved(mesh);
    } else {
      return Optional.of(mesh);
    }
    return Optional.empty();
  }

  /** Tells that there is no mesh of that name, if there is none; as {@link #find}. */
  public void noticeUnknown(String name, Source where, String field) {
    if (!meshes.containsKey(name)) {
      String hint = Nearest.hint(name, meshes.keySet());
      String expected = hint.isEmpty() ? "" : " (expected: one of the files" + hint + ")";
      tell(name, where, field, "there is no Mesh resource of that name" + expected);
    }
  }

  private boolean isServed(Mesh mesh) {
    return mesh.mtls() || withIdentity.contains(mesh.meta().name());
  }

  private void tellUnserved(Mesh mesh) {
    tell(
        mesh.meta().name(),
        mesh.meta().source(),
        "",
        "it has neither an enabled mTLS backend nor a MeshIdentity (a zone proxy routes by the SNI,"
            + " and there is none without TLS)");
  }

  private void tell(String mesh, Source where, String field, String reason) {
    if (told.add(mesh)) {
      notices.accept(
          Problem.warning(where, field, "mesh %s is not served: %s".formatted(mesh, reason)));
    }
  }
}
