package io.zoneproxy.egress;

import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.egress.identity.MeshIdentities;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.SecretSource;
import io.zoneproxy.ingress.controlplane.HostFacts;
import io.zoneproxy.ingress.translate.Translation;
import java.nio.file.Path;
import java.util.Optional;

/** The way out of a zone, for all meshes. */
public final class EgressRole implements ProxyRole {
  /** Where most systems have them; one that is not there lets nobody pass. */
  private static final Path USUAL_CA = Path.of("/etc/ssl/certs/ca-certificates.crt");

  private final Path systemCa;

  /** With the authorities of this machine. */
  public EgressRole() {
    this(systemCa());
  }

  /** The authorities of this machine. */
  static Path systemCa() {
    return HostFacts.systemCaPath().orElse(USUAL_CA);
  }

  /**
   * With other ones.
   *
   * @param systemCa PEM file of those who are believed when an external service names none
   */
  public EgressRole(Path systemCa) {
    this.systemCa = systemCa;
  }

  @Override
  public String proxyType() {
    return EgressTranslator.ROLE;
  }

  @Override
  public Class<? extends Resource> ownKind() {
    return ZoneEgress.class;
  }

  @Override
  public Translation translate(Resource own, Resources resources, String zone) {
    return EgressTranslator.translate((ZoneEgress) own, resources, zone, systemCa);
  }

  @Override
  public SecretSource secrets(Resource own, String zone, Optional<Path> workDir) {
    return new MeshIdentities(workDir);
  }

  @Override
  public SecretSource trialSecrets(Resource own, String zone, Optional<Path> workDir) {
    return MeshIdentities.trial(workDir);
  }
}
