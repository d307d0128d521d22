package io.zoneproxy.ingress.translate;

/** The tags and labels that mean something to a zone proxy. */
public final class Tags {
  /** The tag that names the service; the SNI carries it before the braces. */
  public static final String SERVICE = "kuma.io/service";

  /** Tag and label: where an endpoint, or a resource, comes from. */
  public static final String ZONE = "kuma.io/zone";

  /** Label: the mesh of a resource. */
  public static final String MESH_LABEL = "kuma.io/mesh";

  /** Tag in an SNI: the mesh. Kuma overwrites a tag of the user that has this name. */
  public static final String MESH = "mesh";

  /** Label: the name that a resource had where it was written. */
  public static final String DISPLAY_NAME = "kuma.io/display-name";

  /** Label: the Kubernetes namespace where a resource was written. */
  public static final String NAMESPACE = "k8s.kuma.io/namespace";

  private Tags() {}
}
