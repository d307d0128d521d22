package io.zoneproxy.cp.translate.tls;

import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.Optional;

/** A secret, from the control plane or another SDS server. Pure. */
public final class SecretTranslator {
  private SecretTranslator() {}

  /** The secret; empty when something is wrong with it. */
  public static Optional<SecretSpec> translate(Secret from, Problems problems) {
    return switch (from.getTypeCase()) {
      case TLS_CERTIFICATE ->
          Certificates.inline(from.getTlsCertificate(), problems.at("tls_certificate"))
              .map(inline -> new SecretSpec.Certificate(inline.chain(), inline.key()));
      case VALIDATION_CONTEXT ->
          Optional.of(
              new SecretSpec.Trust(
                  Validations.complete(
                      from.getValidationContext(), problems.at("validation_context"))));
      default -> {
        problems.add(from.getTypeCase(), "tls_certificate or validation_context");
        yield Optional.empty();
      }
    };
  }
}
