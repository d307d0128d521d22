package io.zoneproxy.core.resource.policy;

import java.util.Map;

/**
 * A {@code targetRef}: whom a policy is about.
 *
 * @param kind as Kuma writes it
 * @param name of a service; "" for kinds without
 * @param tags that must all be there; labels of a {@link #DATAPLANE} or an {@link #EXTERNAL}
 * @param section of a {@link #DATAPLANE}: the name of one of its listeners; "" = all of them
 */
public record Target(String kind, String name, Map<String, String> tags, String section) {
  /** Everything of a mesh. */
  public static final String ALL = "Mesh";

  /** What carries some tags. */
  public static final String SUBSET = "MeshSubset";

  /** A service by its name. */
  public static final String SERVICE = "MeshService";

  /** What carries some tags of a service. */
  public static final String SERVICE_SUBSET = "MeshServiceSubset";

  /** A service outside of the mesh, by its name or by its labels. */
  public static final String EXTERNAL = "MeshExternalService";

  /** Data planes by their labels. */
  public static final String DATAPLANE = "Dataplane";

  /** Everything of the mesh. */
  public static final Target MESH = new Target(ALL, "", Map.of());

  public Target {
    tags = Map.copyOf(tags);
  }

  /** Of everything that has the name and the tags. */
  public Target(String kind, String name, Map<String, String> tags) {
    this(kind, name, tags, "");
  }
}
