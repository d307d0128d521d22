package io.zoneproxy.egress.identity;

import io.zoneproxy.core.resource.DataSource;
import io.zoneproxy.core.resource.Mesh.Ca;
import io.zoneproxy.core.resource.MeshIdentity;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Secret;
import io.zoneproxy.ingress.translate.Kri;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the authority that a mesh names. Reads files each time. */
final class AuthorityTexts {
  private final Optional<BuiltinAuthorities> builtin;
  private final boolean trial;

  AuthorityTexts(Optional<Path> workDir) {
    this(workDir, false);
  }

  /**
   * @param trial whether nothing is written: a builtin authority that was not made yet is one for
   *     the moment
   */
  AuthorityTexts(Optional<Path> workDir, boolean trial) {
    this.builtin = workDir.map(BuiltinAuthorities::new);
    this.trial = trial;
  }

  MeshAuthority authority(String mesh, Ca ca, Resources resources)
      throws UnusableAuthorityException, UnsupportedBackendException {
    if (ca.provided().isPresent()) {
      DataSource.Pair pair = ca.provided().get();
      return MeshAuthority.of(
          text(mesh, pair.certificate(), resources),
          text(mesh, pair.key(), resources),
          "backend " + ca.backend());
    }
    if (!ca.type().equals(Ca.BUILTIN)) {
      throw new UnsupportedBackendException(
          "backend %s is of type %s (expected: builtin or provided; others need a control plane)"
              .formatted(ca.backend(), ca.type()));
    }
    Optional<MeshAuthority> exported = exported(mesh, ca, resources);
    if (exported.isPresent()) {
      return exported.get();
    }
    if (trial) {
      Optional<MeshAuthority> known =
          builtin.isEmpty() ? Optional.empty() : builtin.get().known(mesh, ca.backend());
      return known.isPresent() ? known.get() : MeshAuthority.create(mesh);
    }
    if (builtin.isEmpty()) {
      throw new UnusableAuthorityException(
          "backend %s is builtin, and there is no folder to keep its key in (expected:"
                  .formatted(ca.backend())
              + " --work-dir=DIR, or a backend of type provided)");
    }
    return builtin.get().authority(mesh, ca.backend());
  }

  /** What a trial does without, and a proxy with the same flags could not. */
  Optional<String> missing(String mesh, Ca ca, Resources resources)
      throws UnusableAuthorityException {
    boolean kept =
        trial
            && builtin.isEmpty()
            && ca.provided().isEmpty()
            && exported(mesh, ca, resources).isEmpty();
    return kept
        ? Optional.of(
            "backend %s is builtin, so a proxy keeps its key in --work-dir, and does not start without one (expected: --work-dir=DIR for the proxy, and here)"
                .formatted(ca.backend()))
        : Optional.empty();
  }

  /** That of a MeshIdentity whose provider is bundled. */
  MeshAuthority authority(MeshIdentity identity, Resources resources)
      throws UnusableAuthorityException {
    String mesh = identity.meta().mesh();
    String name = Kri.name(identity.meta());
    Optional<DataSource.Pair> given = identity.provider().flatMap(MeshIdentity.Provider::ca);
    if (given.isPresent()) {
      return MeshAuthority.of(
          text(mesh, given.get().certificate(), resources),
          text(mesh, given.get().key(), resources),
          "ca of " + identity.meta().id());
    }
    Optional<MeshAuthority> exported =
        exported(mesh, name + "-root-ca", name + "-private-key", "secrets of " + name, resources);
    if (exported.isPresent()) {
      return exported.get();
    }
    if (trial) {
      Optional<MeshAuthority> known =
          builtin.isEmpty() ? Optional.empty() : builtin.get().knownOfIdentity(mesh, name);
      return known.isPresent() ? known.get() : MeshAuthority.create(mesh);
    }
    if (builtin.isEmpty()) {
      throw new UnusableAuthorityException(
          "%s makes its own CA, and there is no folder to keep the key in (expected:"
                  .formatted(identity.meta().id())
              + " --work-dir=DIR, or provider.bundled.ca)");
    }
    return builtin.get().authorityOfIdentity(mesh, name);
  }

  private static Optional<MeshAuthority> exported(String mesh, Ca ca, Resources resources)
      throws UnusableAuthorityException {
    return exported(
        mesh,
        "%s.ca-builtin-cert-%s".formatted(mesh, ca.backend()),
        "%s.ca-builtin-key-%s".formatted(mesh, ca.backend()),
        "secrets of backend " + ca.backend(),
        resources);
  }

  /** Those of a control plane, by its names, when somebody has put them beside the mesh. */
  private static Optional<MeshAuthority> exported(
      String mesh, String certificateName, String keyName, String what, Resources resources)
      throws UnusableAuthorityException {
    Optional<String> certificate = secret(mesh, certificateName, resources);
    Optional<String> key = secret(mesh, keyName, resources);
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(MeshAuthority.of(certificate.get(), key.get(), what))
        : Optional.empty();
  }

  private static String text(String mesh, DataSource source, Resources resources)
      throws UnusableAuthorityException {
    if (source instanceof DataSource.Inline inline) {
      return inline.text();
    }
    if (source instanceof DataSource.Named named) {
      return secret(mesh, named.name(), resources)
          .orElseThrow(
              () ->
                  new UnusableAuthorityException(
                      "secret %s: there is no such Secret in mesh %s"
                          .formatted(named.name(), mesh)));
    }
    String path = ((DataSource.File) source).path();
    try {
      return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1); // PEM is ASCII
    } catch (IOException | InvalidPathException e) {
      throw new UnusableAuthorityException(
          "file %s: cannot be read: %s".formatted(path, e.getClass().getSimpleName()), e);
    }
  }

  private static Optional<String> secret(String mesh, String name, Resources resources) {
    return resources
        .of(Secret.class, mesh)
        .filter(secret -> secret.meta().name().equals(name))
        .findFirst()
        .map(Secret::text);
  }
}
