package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.egress.workload.WorkloadIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the TLS of a mesh ends here, with the names that Kuma gives to its secrets. Every client
 * shows a certificate.
 *
 * @param certificate by which the egress is known
 * @param callers who gets through the handshake
 */
public record MeshTls(SecretName certificate, Validation callers) {
  private static final String IDENTITY = "identity_cert:secret:";
  private static final String AUTHORITY = "mesh_ca:secret:";

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

  /** By the mesh's mTLS backend: every client shows a certificate of its mesh. */
  public static MeshTls of(String mesh) {
    SanMatch member = new SanMatch(SanMatch.Type.URI, StringMatch.prefix("spiffe://" + mesh + "/"));
    return new MeshTls(
        identity(mesh),
        new Validation(
            new ValidationSpec(Optional.empty(), List.of(member), Map.of()),
            Optional.of(authority(mesh))));
  }

  /** By a MeshIdentity: every client shows a SPIFFE ID of a trust domain that is believed. */
  public static MeshTls of(WorkloadIdentity identity) {
    return new MeshTls(
        identity.certificate(),
        new Validation(ValidationSpec.EMPTY, Optional.of(WorkloadIdentity.TRUST)));
  }

  /**
   * A test of the URIs of a caller's certificate, which are noted as one text with commas between.
   * By a MeshIdentity there is one; by a backend there are those of tags beside the SPIFFE ID.
   *
   * @param who a SPIFFE ID, or how it begins
   */
  StringMatch among(StringMatch who) {
    if (callers.fixed().names().isEmpty()) {
      return who;
    }
    String plain = who.value().replaceAll("([\\x21-\\x7e&&[^A-Za-z0-9_/:-]])", "\\\\$1");
    String rest = who.kind() == StringMatch.Kind.PREFIX ? "[^,]*" : "";
    String pattern = "(.*,)?" + plain + rest + "(,.*)?";
    return new StringMatch(StringMatch.Kind.REGEX, pattern, false);
  }

  /**
   * The end of one chain's TLS.
   *
   * @param alpn protocols in order of preference; sidecars offer none of them, and that is well
   */
  ServerTls end(List<String> alpn) {
    return new ServerTls(
        List.of(new CertificateSource.Named(certificate)),
        Optional.of(callers),
        true,
        TlsVersions.DEFAULT,
        alpn);
  }
}
