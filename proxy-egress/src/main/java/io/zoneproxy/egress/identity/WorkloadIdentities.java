package io.zoneproxy.egress.identity;

import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.MeshIdentity;
import io.zoneproxy.core.resource.MeshTrust;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.egress.workload.NoIdentityException;
import io.zoneproxy.egress.workload.WorkloadIdentity;
import io.zoneproxy.ingress.SecretSource;
import io.zoneproxy.tls.context.Pem;
import io.zoneproxy.tls.context.UnusableTlsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The certificate of one data plane that a MeshIdentity is for, and whom it believes: the
 * identity's own authority, and those of all MeshTrusts of its mesh, each for its trust domain
 * alone. Thread-safe.
 */
public final class WorkloadIdentities implements SecretSource {
  private final Dataplane own;
  private final String zone;
  private final AuthorityTexts texts;
  private KeptIdentity kept = new KeptIdentity(); // guarded by this

  /**
   * Nothing is made yet.
   *
   * @param zone the own one
   * @param workDir keeps authorities that are made; empty = there can be none
   */
  public WorkloadIdentities(Dataplane own, String zone, Optional<Path> workDir) {
    this(own, zone, new AuthorityTexts(workDir));
  }

  private WorkloadIdentities(Dataplane own, String zone, AuthorityTexts texts) {
    this.own = own;
    this.zone = zone;
    this.texts = texts;
  }

  /**
   * The same without writing anything: an authority that was not made yet is one for the moment.
   *
   * @param workDir where some may be; empty = nowhere
   */
  public static WorkloadIdentities trial(Dataplane own, String zone, Optional<Path> workDir) {
    return new WorkloadIdentities(own, zone, new AuthorityTexts(workDir, true));
  }

  @Override
  public synchronized Found find(Set<SecretName> names, Resources resources) {
    Optional<WorkloadIdentity> identity = identity(resources);
    if (identity.isEmpty() || !names.contains(identity.get().certificate())) {
      kept = new KeptIdentity();
      return new Found(Map.of(), List.of(), Instant.MAX);
    }
    return find(identity.get(), resources);
  }

  /** One that is for it and cannot be used the listener has refused already, with the reason. */
  private Optional<WorkloadIdentity> identity(Resources resources) {
    try {
      return WorkloadIdentity.of(own, resources, zone);
    } catch (NoIdentityException e) {
      return Optional.empty();
    }
  }

  private Found find(WorkloadIdentity identity, Resources resources) {
    MeshIdentity resource = identity.resource();
    Object basis = List.of(identity.spiffeId(), resource.provider());
    List<Problem> problems = new ArrayList<>();
    try {
      kept.refresh(
          basis,
          texts.authority(resource, resources),
          authority -> authority.issue(identity.spiffeId(), lifetime(resource)));
    } catch (UnusableAuthorityException e) {
      kept.keep(basis);
      problems.add(
          Problem.error(
              resource.meta().source(),
              "provider",
              "external services of mesh %s cannot be served: %s"
                  .formatted(resource.meta().mesh(), e.getMessage())));
    }
    Map<SecretName, SecretSpec> secrets = new HashMap<>();
    kept.current().ifPresent(now -> add(identity, now, resources, secrets, problems));
    if (!secrets.isEmpty() && !secrets.containsKey(WorkloadIdentity.TRUST)) {
      problems.add(
          Problem.error(
              resource.meta().source(),
              "provider.bundled.meshTrustCreation",
              "Disabled, and mesh %s has no MeshTrust, so no caller is believed (expected: Enabled, or a MeshTrust)"
                  .formatted(resource.meta().mesh())));
    }
    boolean files =
        MeshIdentities.isInFiles(resource.provider().flatMap(MeshIdentity.Provider::ca));
    return new Found(secrets, problems, kept.next(files));
  }

  private static Duration lifetime(MeshIdentity resource) {
    return resource
        .provider()
        .map(MeshIdentity.Provider::lifetime)
        .orElse(MeshIdentity.Provider.DEFAULT_LIFETIME);
  }

  private static void add(
      WorkloadIdentity identity,
      KeptIdentity.Held now,
      Resources resources,
      Map<SecretName, SecretSpec> secrets,
      List<Problem> problems) {
    secrets.put(
        identity.certificate(),
        new SecretSpec.Certificate(now.identity().chain(), now.identity().key()));
    Map<String, String> domains = new TreeMap<>();
    if (identity.resource().provider().map(MeshIdentity.Provider::trusted).orElse(false)) {
      domains.put(identity.trustDomain(), now.certificates());
    }
    resources
        .of(MeshTrust.class, identity.resource().meta().mesh())
        .forEach(trust -> trust.authorities().forEach(pem -> add(trust, pem, domains, problems)));
    if (!domains.isEmpty()) {
      secrets.put(
          WorkloadIdentity.TRUST,
          new SecretSpec.Trust(new ValidationSpec(Optional.empty(), List.of(), domains)));
    }
  }

  /** One that cannot be read must not shut out the callers of all other domains. */
  private static void add(
      MeshTrust trust, String pem, Map<String, String> domains, List<Problem> problems) {
    try {
      Pem.certificates(pem, trust.meta().id() + " is not believed");
      domains.merge(trust.trustDomain(), pem, (one, other) -> one.stripTrailing() + "\n" + other);
    } catch (UnusableTlsException e) {
      problems.add(
          Problem.error(trust.meta().source(), "spec.caBundles", String.valueOf(e.getMessage())));
    }
  }
}
