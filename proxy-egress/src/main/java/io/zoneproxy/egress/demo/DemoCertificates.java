package io.zoneproxy.egress.demo;

import io.zoneproxy.egress.identity.CertificateMaker;
import io.zoneproxy.egress.identity.CertificateMaker.Made;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The mesh's certificate authority and what it signs. Keys live for one run. */
final class DemoCertificates {
  /** The identity of whoever sends the demo's requests. */
  static final String CLIENT = "demo-client";

  /** A member of the mesh as well, whom no policy allows to leave it. */
  static final String STRANGER = "stranger";

  /** Long enough for a long look, short enough that a forgotten file is worth nothing. */
  private static final Duration LIFETIME = Duration.ofDays(1);

  private final Made authority;
  private final Made client;
  private final Made stranger;

  private DemoCertificates(Made authority, Made client, Made stranger) {
    this.authority = authority;
    this.client = client;
    this.stranger = stranger;
  }

  /** Makes an authority and the callers' certificates. */
  static DemoCertificates create() throws GeneralSecurityException, IOException {
    Made authority = CertificateMaker.root("zoneproxy demo CA of mesh " + DemoWorld.MESH, LIFETIME);
    return new DemoCertificates(
        authority,
        leaf(authority, names(CLIENT), List.of()),
        leaf(authority, names(STRANGER), List.of()));
  }

  /** Whom everybody in the mesh trusts. */
  X509Certificate authority() {
    return authority.certificate();
  }

  Made client() {
    return client;
  }

  Made stranger() {
    return stranger;
  }

  /**
   * A certificate such as Kuma gives to a sidecar: one SPIFFE name for the service and one {@code
   * kuma://} name for each tag. The DNS name comes on top, for clients that verify host names.
   */
  Made issue(DemoWorld.Instance instance) throws GeneralSecurityException, IOException {
    List<String> uris = new ArrayList<>(List.of(DemoNames.spiffeId(instance.service())));
    instance.tags().entrySet().stream()
        .map(tag -> "kuma://" + tag.getKey() + "/" + tag.getValue())
        .sorted()
        .forEach(uris::add);
    String hashed = DemoNames.hashedForm(instance.service(), DemoWorld.SERVICE_PORT);
    return leaf(authority, uris, List.of(hashed));
  }

  /** A certificate with the URIs given and nothing else. */
  Made issue(List<String> uris) throws GeneralSecurityException, IOException {
    return leaf(authority, uris, List.of());
  }

  /**
   * Writes what {@code curl} and {@code openssl} need to be a client of the mesh, and the
   * authority, of which the egresses issue their own certificates.
   */
  void writeTo(DemoFolder folder) throws IOException, GeneralSecurityException {
    write(folder, "ca", authority);
    write(folder, "client", client);
    write(folder, "stranger", stranger);
  }

  private static void write(DemoFolder folder, String name, Made made)
      throws IOException, GeneralSecurityException {
    folder.write(name + ".pem", made.certificateText());
    folder.write(name + ".key", made.keyText());
  }

  private static List<String> names(String service) {
    return List.of(DemoNames.spiffeId(service), "kuma://kuma.io/service/" + service);
  }

  private static Made leaf(Made issuer, List<String> uris, List<String> hosts)
      throws GeneralSecurityException, IOException {
    return CertificateMaker.leaf(issuer, uris, hosts, Instant.now().plus(LIFETIME));
  }
}
