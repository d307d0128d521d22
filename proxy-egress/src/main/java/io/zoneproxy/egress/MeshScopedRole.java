package io.zoneproxy.egress;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.egress.identity.MeshIdentities;
import io.zoneproxy.egress.identity.WorkloadIdentities;
import io.zoneproxy.ingress.ProxyRole;
import io.zoneproxy.ingress.SecretSource;
import io.zoneproxy.ingress.policy.IngressPolicies;
import io.zoneproxy.ingress.policy.ListenerTelemetry;
import io.zoneproxy.ingress.translate.DataplaneTranslator;
import io.zoneproxy.ingress.translate.Translation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A mesh's own zone proxy: the listeners of one Dataplane, those that lead out among them. */
public final class MeshScopedRole implements ProxyRole {
  private final Path systemCa;

  /** With the authorities of this machine. */
  public MeshScopedRole() {
    this(EgressRole.systemCa());
  }

  /**
   * With other ones.
   *
   * @param systemCa PEM file of those who are believed when an external service names none
   */
  public MeshScopedRole(Path systemCa) {
    this.systemCa = systemCa;
  }

  @Override
  public String proxyType() {
    return DataplaneTranslator.ROLE;
  }

  @Override
  public Class<? extends Resource> ownKind() {
    return Dataplane.class;
  }

  @Override
  public Translation translate(Resource own, Resources resources, String zone) {
    Dataplane described = (Dataplane) own;
    MeshEgressTranslator egress = new MeshEgressTranslator(described, resources, zone, systemCa);
    Translation made =
        DataplaneTranslator.translate(
            described,
            resources,
            zone,
            (listener, relays) -> IngressPolicies.add(described, listener, resources, zone, relays),
            egress::translate);
    return ListenerTelemetry.add(described, resources, zone, made);
  }

  @Override
  public SecretSource secrets(Resource own, String zone, Optional<Path> workDir) {
    return SecretSource.of(
        List.of(
            new WorkloadIdentities((Dataplane) own, zone, workDir), new MeshIdentities(workDir)));
  }

  @Override
  public SecretSource trialSecrets(Resource own, String zone, Optional<Path> workDir) {
    return SecretSource.of(
        List.of(
            WorkloadIdentities.trial((Dataplane) own, zone, workDir),
            MeshIdentities.trial(workDir)));
  }
}
