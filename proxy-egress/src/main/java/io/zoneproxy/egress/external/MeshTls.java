package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the TLS of a mesh ends here, with the names that Kuma gives to its secrets. */
public final class MeshTls {
  private static final String IDENTITY = "identity_cert:secret:";
  private static final String AUTHORITY = "mesh_ca:secret:";

  private MeshTls() {}

  /** The certificate by which the egress is known in a mesh. */
  public static SecretName identity(String mesh) {
    return SecretName.of(IDENTITY + mesh);
  }

  /** Whom a mesh trusts. */
  public static SecretName authority(String mesh) {
    return SecretName.of(AUTHORITY + mesh);
  }

  /** The mesh that a secret is about; empty when it is none of these. */
  public static Optional<String> mesh(SecretName secret) {
    String name = secret.name();
    for (String prefix : List.of(IDENTITY, AUTHORITY)) {
      if (name.startsWith(prefix)) {
        return Optional.of(name.substring(prefix.length()));
      }
    }
    return Optional.empty();
  }

  /**
   * Every client shows a certificate of its mesh.
   *
   * @param alpn protocols in order of preference; sidecars offer none of them, and that is well
   */
  static ServerTls of(String mesh, List<String> alpn) {
    SanMatch member = new SanMatch(SanMatch.Type.URI, StringMatch.prefix("spiffe://" + mesh + "/"));
    return new ServerTls(
        List.of(new CertificateSource.Named(identity(mesh))),
        Optional.of(
            new Validation(
                new ValidationSpec(Optional.empty(), List.of(member), Map.of()),
                Optional.of(authority(mesh)))),
        true,
        TlsVersions.DEFAULT,
        alpn);
  }
}
