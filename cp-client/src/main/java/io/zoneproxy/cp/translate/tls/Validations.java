package io.zoneproxy.cp.translate.tls;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import io.zoneproxy.core.model.tls.SanMatch;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Texts;
import io.zoneproxy.cp.translate.value.Typed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a peer is checked. */
final class Validations {
  private Validations() {}

  static Optional<Validation> of(CommonTlsContext from, Problems problems) {
    switch (from.getValidationContextTypeCase()) {
      case VALIDATION_CONTEXT -> {
        Problems at = problems.at("validation_context");
        return Optional.of(
            new Validation(complete(from.getValidationContext(), at), Optional.empty()));
      }
      case VALIDATION_CONTEXT_SDS_SECRET_CONFIG -> {
        Optional<SecretName> secret =
            Secrets.name(
                from.getValidationContextSdsSecretConfig(),
                problems.at("validation_context_sds_secret_config"));
        return Optional.of(new Validation(ValidationSpec.EMPTY, secret));
      }
      case COMBINED_VALIDATION_CONTEXT -> {
        return Optional.of(
            combined(
                from.getCombinedValidationContext(), problems.at("combined_validation_context")));
      }
      case VALIDATIONCONTEXTTYPE_NOT_SET -> {
        return Optional.empty();
      }
      default -> {
        problems.add(
            from.getValidationContextTypeCase(),
            "validation_context, validation_context_sds_secret_config or"
                + " combined_validation_context");
        return Optional.empty();
      }
    }
  }

  private static Validation combined(
      CommonTlsContext.CombinedCertificateValidationContext from, Problems problems) {
    return new Validation(
        spec(from.getDefaultValidationContext(), problems.at("default_validation_context")),
        Secrets.name(
            from.getValidationContextSdsSecretConfig(),
            problems.at("validation_context_sds_secret_config")));
  }

  /** One that nothing completes: names without an authority would let anybody pass. */
  static ValidationSpec complete(CertificateValidationContext from, Problems problems) {
    ValidationSpec spec = spec(from, problems);
    if (spec.ca().isEmpty() && spec.trustDomains().isEmpty() && !problems.any()) {
      problems.add("no authority", "trusted_ca or custom_validator_config");
    }
    return spec;
  }

  private static ValidationSpec spec(CertificateValidationContext from, Problems problems) {
    refuseOthers(from, problems);
    Optional<TrustedCa> ca =
        from.hasTrustedCa() ? ca(from.getTrustedCa(), problems.at("trusted_ca")) : Optional.empty();
    List<SanMatch> names = Sans.of(from.getMatchTypedSubjectAltNamesList(), problems);
    Map<String, String> domains =
        from.hasCustomValidatorConfig()
            ? domains(from.getCustomValidatorConfig(), problems.at("custom_validator_config"))
            : Map.of();
    return new ValidationSpec(ca, names, domains);
  }

  /** What would make the check stricter, or weaker, than it is done here. */
  private static void refuseOthers(CertificateValidationContext from, Problems problems) {
    problems.refuse("verify_certificate_spki", from.getVerifyCertificateSpkiCount() > 0);
    problems.refuse("verify_certificate_hash", from.getVerifyCertificateHashCount() > 0);
    problems.refuse("match_subject_alt_names", deprecatedNames(from) > 0);
    problems.refuse("crl", from.hasCrl());
    problems.refuse("allow_expired_certificate", from.getAllowExpiredCertificate());
    problems.refuse("max_verify_depth", from.hasMaxVerifyDepth());
    problems.refuse("system_root_certs", from.hasSystemRootCerts());
    problems.refuse(
        "trust_chain_verification",
        from.getTrustChainVerification()
            != CertificateValidationContext.TrustChainVerification.VERIFY_TRUST_CHAIN);
  }

  @SuppressWarnings("deprecation") // refused by its name
  private static int deprecatedNames(CertificateValidationContext from) {
    return from.getMatchSubjectAltNamesCount();
  }

  private static Optional<TrustedCa> ca(DataSource from, Problems problems) {
    if (from.hasFilename()) {
      return Optional.of(new TrustedCa.File(from.getFilename()));
    }
    return Texts.inline(from, problems).map(TrustedCa.Inline::new);
  }

  private static Map<String, String> domains(TypedExtensionConfig from, Problems problems) {
    Problems at = problems.at("typed_config");
    Optional<SPIFFECertValidatorConfig> config =
        Typed.read(
            from.getTypedConfig(),
            SPIFFECertValidatorConfig.getDescriptor(),
            SPIFFECertValidatorConfig.parser(),
            at);
    if (config.isEmpty()) {
      return Map.of();
    }
    Map<String, String> domains = new LinkedHashMap<>();
    for (int i = 0; i < config.get().getTrustDomainsCount(); i++) {
      domain(config.get().getTrustDomains(i), domains, at.at("trust_domains", i));
    }
    if (domains.isEmpty() && !problems.any()) {
      at.at("trust_domains").add("none", "at least one");
    }
    return domains;
  }

  private static void domain(
      SPIFFECertValidatorConfig.TrustDomain from, Map<String, String> domains, Problems problems) {
    String name = from.getName();
    if (name.isEmpty()) {
      problems.at("name").add("empty", "a trust domain");
    }
    Optional<String> bundle = Texts.inline(from.getTrustBundle(), problems.at("trust_bundle"));
    if (bundle.isPresent() && domains.put(name, bundle.get()) != null) {
      problems.at("name").add(name, "each trust domain once");
    }
  }
}
