package io.zoneproxy.egress.demo;

import io.zoneproxy.ingress.translate.ServerNames;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names of the mesh: two forms of server name that zone proxies route on, and identities. */
final class DemoNames {
  /** The type of a URI among a certificate's alternative names (RFC 5280, GeneralName). */
  private static final Integer URI = 6;

  private DemoNames() {}

  /**
   * The tag form, for example {@code echo{mesh=default,version=v2}}.
   *
   * @param tags what the endpoint must carry besides the service; the mesh is always added
   */
  static String tagForm(String service, Map<String, String> tags) {
    return ServerNames.ofTags(service, DemoWorld.MESH, tags);
  }

  /**
   * The hashed form of a MeshService's port. It is a legal DNS name, so that {@code curl} can ask
   * for it; the tag form is none.
   */
  static String hashedForm(String service, int port) {
    return ServerNames.ofMeshService(service, port, DemoWorld.MESH);
  }

  /** The SPIFFE identity that Kuma gives to every instance of a service. */
  static String spiffeId(String service) {
    return "spiffe://" + DemoWorld.MESH + "/" + service;
  }

  /**
   * The first URI of a certificate that begins with {@code prefix}; empty when there is none, and
   * also when the names cannot be read.
   */
  static Optional<String> uriOf(X509Certificate certificate, String prefix) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? Optional.empty()
          : names.stream()
              .filter(name -> URI.equals(name.get(0)))
              .map(name -> String.valueOf(name.get(1)))
              .filter(name -> name.startsWith(prefix))
              .findFirst();
    } catch (CertificateParsingException e) {
      return Optional.empty(); // a name that cannot be read proves nothing
    }
  }
}
