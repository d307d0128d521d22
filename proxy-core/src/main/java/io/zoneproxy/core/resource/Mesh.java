package io.zoneproxy.core.resource;

import java.time.Duration;
import java.util.Optional;

/**
 * A mesh.
 *
 * @param mtls whether an mTLS backend is enabled; without it, and without a {@link MeshIdentity},
 *     the mesh is not served: an SNI can only be routed on where there is TLS
 * @param meshServices which forms of service the mesh uses
 * @param zoneEgress whether cross-zone traffic takes the egress
 * @param localityAware whether endpoints of the own zone come first
 * @param ca the authority of the enabled mTLS backend; empty when there is none
 * @param externalForbidden whether nobody may call a MeshExternalService unless a policy says so
 */
public record Mesh(
    Meta meta,
    boolean mtls,
    MeshServicesMode meshServices,
    boolean zoneEgress,
    boolean localityAware,
    Optional<Ca> ca,
    boolean externalForbidden)
    implements Resource {
  /** Without a word on its authority, and with external services open to all. */
  public Mesh(
      Meta meta,
      boolean mtls,
      MeshServicesMode meshServices,
      boolean zoneEgress,
      boolean localityAware) {
    this(meta, mtls, meshServices, zoneEgress, localityAware, Optional.empty(), false);
  }

  /**
   * An authority of a mesh.
   *
   * @param backend its name in the mesh
   * @param type {@link #BUILTIN}, {@link #PROVIDED}, or another that only a control plane has
   * @param provided certificate and key of a provided one; empty otherwise
   * @param lifetime of the certificates that it issues
   */
  public record Ca(
      String backend, String type, Optional<DataSource.Pair> provided, Duration lifetime) {
    /** Made by whoever runs the mesh. */
    public static final String BUILTIN = "builtin";

    /** The user's. */
    public static final String PROVIDED = "provided";

    /** Kuma's. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofDays(30);
  }

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
