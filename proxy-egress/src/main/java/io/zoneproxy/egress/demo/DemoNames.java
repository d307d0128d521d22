package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The names of the mesh: two forms of server name that zone proxies route on, and identities. */
final class DemoNames {
  /** The start value and the prime of FNV-1a in 64 bits, as its authors publish them. */
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;

  private static final long FNV_PRIME = 0x100000001b3L;

  /** Of one byte, which Java holds with a sign. */
  private static final int UNSIGNED = 0xff;

  /** The type of a URI among a certificate's alternative names (RFC 5280, GeneralName). */
  private static final Integer URI = 6;

  private DemoNames() {}

  /**
   * The tag form, for example {@code echo{mesh=default,version=v2}}.
   *
   * @param tags what the endpoint must carry besides the service; the mesh is always added
   */
  static String tagForm(String service, Map<String, String> tags) {
    Map<String, String> sorted = new TreeMap<>(tags);
    sorted.put("mesh", DemoWorld.MESH);
    return sorted.entrySet().stream()
        .map(tag -> tag.getKey() + "=" + tag.getValue())
        .collect(Collectors.joining(",", service + "{", "}"));
  }

  /**
   * The hashed form of a MeshService's port. It is a legal DNS name, so that {@code curl} can ask
   * for it; the tag form is none.
   */
  static String hashedForm(String service, int port) {
    return "a%016x.%s.%d.%s.ms"
        .formatted(fnv1a(service + ";" + DemoWorld.MESH + ";"), service, port, DemoWorld.MESH);
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

  private static long fnv1a(String text) {
    long hash = FNV_OFFSET;
    for (byte octet : text.getBytes(UTF_8)) {
      hash = (hash ^ (octet & UNSIGNED)) * FNV_PRIME;
    }
    return hash;
  }
}
