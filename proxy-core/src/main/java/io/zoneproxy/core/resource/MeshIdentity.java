package io.zoneproxy.core.resource;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Gives the data planes of its mesh a SPIFFE identity.
 *
 * @param selector labels that such a data plane has, none = every one; empty = it is for nobody
 * @param trustDomain template of it; "" = Kuma's
 * @param path template of what follows it in the SPIFFE ID; "" = Kuma's
 * @param provider who issues the certificates; empty = somebody else
 */
public record MeshIdentity(
    Meta meta,
    Optional<Map<String, String>> selector,
    String trustDomain,
    String path,
    Optional<Provider> provider)
    implements Resource {
  public MeshIdentity {
    selector = selector.map(Map::copyOf);
  }

  /** Only that there is one. */
  public MeshIdentity(Meta meta) {
    this(meta, Optional.empty(), "", "", Optional.empty());
  }

  /**
   * Who issues.
   *
   * @param type {@link #BUNDLED}, or another that only a control plane has
   * @param autogenerate whether the authority is made by whoever runs the mesh
   * @param ca the user's; empty when it is made, or cannot be read here
   * @param trusted whether its certificates are trusted without a {@link MeshTrust}
   * @param lifetime of the certificates that it issues
   */
  public record Provider(
      String type,
      boolean autogenerate,
      Optional<DataSource.Pair> ca,
      boolean trusted,
      Duration lifetime) {
    /** Issued by whoever runs the mesh. */
    public static final String BUNDLED = "Bundled";

    /** Kuma's. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofHours(24);
  }
}
