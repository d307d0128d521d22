package io.zoneproxy.egress.workload;

import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SpiffeId;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.MeshIdentity;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.ingress.policy.OwnLabels;
import io.zoneproxy.ingress.translate.Kri;
import io.zoneproxy.ingress.translate.Tags;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * Who a data plane is because of a MeshIdentity.
 *
 * @param resource the identity that is for it, with a provider that issues here
 * @param trustDomain of its SPIFFE ID
 * @param spiffeId whole
 * @param certificate the secret with its certificate, by Kuma's name
 */
public record WorkloadIdentity(
    MeshIdentity resource, String trustDomain, String spiffeId, SecretName certificate) {
  /** Kuma's name of the secret that says whom a data plane believes. */
  public static final SecretName TRUST = SecretName.of("system_trust_bundle");

  private static final String DEFAULT_DOMAIN = "{{ .Mesh }}.{{ .Zone }}.mesh.local";
  private static final String DEFAULT_PATH = "/workload/{{ .Workload }}";

  /**
   * The identity of the mesh that is for a data plane: the one that asks for the most labels, among
   * equals the first by name.
   *
   * @param zone the own one
   * @return empty when none is for it
   * @throws NoIdentityException when one is, and it gives no SPIFFE ID here
   */
  public static Optional<WorkloadIdentity> of(Dataplane own, Resources resources, String zone)
      throws NoIdentityException {
    Map<String, String> labels = OwnLabels.of(own, zone);
    Optional<MeshIdentity> best =
        resources
            .of(MeshIdentity.class, own.meta().mesh())
            .filter(each -> isOf(each, zone) && isFor(each, labels))
            .min(
                Comparator.<MeshIdentity>comparingInt(each -> -wanted(each).size())
                    .thenComparing(each -> each.meta().name()));
    return best.isPresent() ? Optional.of(identity(best.get(), labels, zone)) : Optional.empty();
  }

  private static boolean isOf(MeshIdentity identity, String zone) {
    String written = identity.meta().zone();
    return written.isEmpty() || written.equals(zone);
  }

  private static boolean isFor(MeshIdentity identity, Map<String, String> labels) {
    return identity.selector().isPresent()
        && labels.entrySet().containsAll(wanted(identity).entrySet());
  }

  private static Map<String, String> wanted(MeshIdentity identity) {
    return identity.selector().orElse(Map.of());
  }

  private static WorkloadIdentity identity(MeshIdentity of, Map<String, String> labels, String zone)
      throws NoIdentityException {
    try {
      check(of);
      String domain = domain(of, zone);
      String path =
          SpiffeTemplate.fill(
              "spiffeID.path",
              of.path().isEmpty() ? DEFAULT_PATH : of.path(),
              Map.of(
                  "TrustDomain", domain,
                  "Namespace", labels.getOrDefault(Tags.NAMESPACE, ""),
                  "ServiceAccount", labels.getOrDefault("k8s.kuma.io/service-account", ""),
                  "Workload", labels.getOrDefault(OwnLabels.WORKLOAD, "")),
              labels);
      String id = "spiffe://" + domain + path;
      if (!hasDomain(id, domain)) {
        throw new NoIdentityException(
            "spiffeID.path: %s is no SPIFFE ID (expected: a path of letters, digits, '.', '-', '_')"
                .formatted(Shown.text(id)));
      }
      return new WorkloadIdentity(
          of, domain, id, SecretName.of(Kri.of("mid", of.meta(), zone, "")));
    } catch (NoIdentityException e) {
      throw new NoIdentityException(of.meta().id() + ": " + e.getMessage());
    }
  }

  private static String domain(MeshIdentity of, String zone) throws NoIdentityException {
    String domain =
        SpiffeTemplate.fill(
            "spiffeID.trustDomain",
            of.trustDomain().isEmpty() ? DEFAULT_DOMAIN : of.trustDomain(),
            Map.of(
                "Mesh",
                of.meta().mesh(),
                "Zone",
                of.meta().zone().isEmpty() ? zone : of.meta().zone()),
            of.meta().labels());
    if (!hasDomain("spiffe://" + domain, domain)) {
      throw new NoIdentityException(
          "spiffeID.trustDomain: %s is none (expected: a-z, 0-9, '.', '-', '_')"
              .formatted(Shown.text(domain)));
    }
    return domain;
  }

  private static boolean hasDomain(String spiffeId, String domain) {
    return SpiffeId.trustDomain(spiffeId).filter(domain::equals).isPresent();
  }

  private static void check(MeshIdentity identity) throws NoIdentityException {
    Optional<MeshIdentity.Provider> provider = identity.provider();
    String type = provider.map(MeshIdentity.Provider::type).orElse("none");
    if (!type.equals(MeshIdentity.Provider.BUNDLED)) {
      throw new NoIdentityException(
          "provider: %s (expected: Bundled; others need a control plane)".formatted(type));
    }
    if (!provider.get().autogenerate() && provider.get().ca().isEmpty()) {
      throw new NoIdentityException(
          "provider.bundled: no CA (expected: autogenerate.enabled, or ca with certificate and"
              + " privateKey)");
    }
  }
}
