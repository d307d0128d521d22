package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.resource.DataSource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Secret;
import java.nio.file.Path;
import java.util.Optional;

/** Certificates and keys of a mesh's resources, as the model names them. */
final class TlsTexts {
  private final Resources resources;
  private final String mesh;
  private final Path systemCa;

  /**
   * @param mesh whose secrets count
   * @param systemCa authorities where none are given; a file that is not there lets nobody pass
   */
  TlsTexts(Resources resources, String mesh, Path systemCa) {
    this.resources = resources;
    this.mesh = mesh;
    this.systemCa = systemCa;
  }

  TrustedCa authorities(Optional<DataSource> given) throws MissingTextException {
    if (given.isEmpty()) {
      return new TrustedCa.File(systemCa.toString());
    }
    return given.get() instanceof DataSource.File file
        ? new TrustedCa.File(file.path())
        : new TrustedCa.Inline(text(given.get()));
  }

  CertificateSource certificate(DataSource.Pair given) throws MissingTextException {
    boolean chainIsFile = given.certificate() instanceof DataSource.File;
    boolean keyIsFile = given.key() instanceof DataSource.File;
    if (chainIsFile != keyIsFile) {
      throw new MissingTextException(
          "clientCert: %s, clientKey: %s (expected: both in files, or none)"
              .formatted(given.certificate(), given.key()));
    }
    return given.certificate() instanceof DataSource.File chain
            && given.key() instanceof DataSource.File key
        ? new CertificateSource.Files(chain.path(), key.path())
        : new CertificateSource.Inline(
            text(given.certificate()), new PrivateKeyText(text(given.key())));
  }

  private String text(DataSource source) throws MissingTextException {
    if (source instanceof DataSource.Inline inline) {
      return inline.text();
    }
    String name = ((DataSource.Named) source).name();
    return resources
        .of(Secret.class, mesh)
        .filter(secret -> secret.meta().name().equals(name))
        .findFirst()
        .map(Secret::text)
        .orElseThrow(
            () ->
                new MissingTextException(
                    "secret %s: there is no such Secret in mesh %s".formatted(name, mesh)));
  }
}
