package io.zoneproxy.core.resource;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All resources of one moment.
 *
 * @param all no two of one type, mesh and name
 */
public record Resources(List<Resource> all) {
  public Resources {
    all = List.copyOf(all);
  }

  /** Those of one kind, in the order read. */
  public <T extends Resource> Stream<T> of(Class<T> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** Those of one kind in a mesh, in the order read. */
  public <T extends Resource> Stream<T> of(Class<T> kind, String mesh) {
    return of(kind).filter(resource -> resource.meta().mesh().equals(mesh));
  }

  /** The mesh of that name. */
  public Optional<Mesh> mesh(String name) {
    return of(Mesh.class).filter(mesh -> mesh.meta().name().equals(name)).findFirst();
  }
}
