package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Durations;
import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.config.yaml.Shown;
import io.zoneproxy.core.model.tls.SpiffeId;
import io.zoneproxy.core.resource.DataSource;
import io.zoneproxy.core.resource.MeshIdentity;
import io.zoneproxy.core.resource.MeshTrust;
import io.zoneproxy.core.resource.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code MeshIdentity} and {@code MeshTrust}. */
final class IdentityReaders {
  private static final String DISABLED = "Disabled";

  private IdentityReaders() {}

  static Optional<MeshIdentity> identity(Meta meta, Fields spec, ResourceReader.Use use) {
    Optional<Fields> id = spec.mapping("spiffeID");
    id.ifPresent(fields -> fields.known(List.of("trustDomain", "path")));
    return Optional.of(
        new MeshIdentity(
            meta,
            spec.mapping("selector").flatMap(IdentityReaders::labels),
            id.map(fields -> fields.text("trustDomain")).orElse(""),
            id.map(fields -> fields.text("path")).orElse(""),
            spec.mapping("provider").map(IdentityReaders::provider)));
  }

  private static Optional<Map<String, String>> labels(Fields selector) {
    selector.known(List.of("dataplane"));
    return selector
        .mapping("dataplane")
        .map(
            dataplane -> {
              dataplane.known(List.of("matchLabels"));
              return dataplane.texts("matchLabels");
            });
  }

  private static MeshIdentity.Provider provider(Fields fields) {
    fields.known(List.of("type", "bundled", "spire", "extension"));
    String type =
        fields.requiredText(
            "type", MeshIdentity.Provider.BUNDLED + ", or another of a control plane");
    Optional<Fields> bundled = fields.mapping("bundled");
    if (bundled.isEmpty()) {
      return new MeshIdentity.Provider(
          type, false, Optional.empty(), true, MeshIdentity.Provider.DEFAULT_LIFETIME);
    }
    Fields own = bundled.get();
    own.known(
        List.of(
            "meshTrustCreation",
            "insecureAllowSelfSigned",
            "autogenerate",
            "ca",
            "certificateParameters"));
    return new MeshIdentity.Provider(
        type,
        own.mapping("autogenerate").map(each -> each.flag("enabled", false)).orElse(false),
        own.mapping("ca").flatMap(IdentityReaders::authority),
        !own.choice("meshTrustCreation", List.of("Enabled", DISABLED)).equals(DISABLED),
        own.mapping("certificateParameters")
            .flatMap(each -> Durations.positive(each, "expiry"))
            .orElse(MeshIdentity.Provider.DEFAULT_LIFETIME));
  }

  private static Optional<DataSource.Pair> authority(Fields ca) {
    ca.known(List.of("certificate", "privateKey"));
    Optional<DataSource> certificate = DataSources.typed(ca, "certificate");
    return DataSources.typed(ca, "privateKey")
        .flatMap(key -> certificate.map(chain -> new DataSource.Pair(chain, key)));
  }

  static Optional<MeshTrust> trust(Meta meta, Fields spec, ResourceReader.Use use) {
    String domain = spec.requiredText("trustDomain", "the trust domain of SPIFFE IDs");
    if (!domain.isEmpty() && !SpiffeId.isTrustDomain(domain)) {
      spec.error(
          "trustDomain",
          Shown.text(domain) + " (expected: lower-case letters, digits, '.', '-' and '_')");
    }
    List<String> authorities = new ArrayList<>();
    for (Fields bundle : spec.mappings("caBundles")) {
      bundle.known(List.of("type", "pem"));
      bundle.choice("type", List.of("Pem"));
      bundle
          .requiredMapping("pem")
          .map(pem -> pem.requiredText("value", "certificates in PEM"))
          .filter(text -> !text.isEmpty())
          .ifPresent(authorities::add);
    }
    if (authorities.isEmpty()) {
      spec.error("caBundles", "none (expected: at least one with pem.value)");
    }
    return Optional.of(new MeshTrust(meta, domain, authorities));
  }
}
