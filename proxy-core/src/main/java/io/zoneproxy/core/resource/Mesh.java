package io.zoneproxy.core.resource;

/**
 * A mesh.
 *
 * @param mtls whether an mTLS backend is enabled; without it, and without a {@link MeshIdentity},
 *     the mesh is not served: an SNI can only be routed on where there is TLS
 * @param meshServices which forms of service the mesh uses
 * @param zoneEgress whether cross-zone traffic takes the egress
 * @param localityAware whether endpoints of the own zone come first
 */
public record Mesh(
    Meta meta,
    boolean mtls,
    MeshServicesMode meshServices,
    boolean zoneEgress,
    boolean localityAware)
    implements Resource {
  /** Kuma's {@code meshServices.mode}. */
  public enum MeshServicesMode {
    /** Services are the tag {@code kuma.io/service}; Kuma 2.x's default. */
    DISABLED,
    /** Both forms. */
    EVERYWHERE,
    /** Both forms. */
    REACHABLE_BACKENDS,
    /** MeshService resources only: there is no SNI in tag form. */
    EXCLUSIVE
  }
}
