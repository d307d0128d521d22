package io.zoneproxy.core.resource;

import io.zoneproxy.core.resource.policy.PolicySpec;
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

  /** The policies of a mesh that say something of one kind, in the order read. */
  public Stream<Policy> policies(Class<? extends PolicySpec> kind, String mesh) {
    return of(Policy.class, mesh).filter(policy -> kind.isInstance(policy.spec()));
  }

  /** The mesh of that name. */
  public Optional<Mesh> mesh(String name) {
    return of(Mesh.class).filter(mesh -> mesh.meta().name().equals(name)).findFirst();
  }
}
