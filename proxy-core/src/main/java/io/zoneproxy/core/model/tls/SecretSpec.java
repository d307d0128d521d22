package io.zoneproxy.core.model.tls;

/** A secret that has come. */
public sealed interface SecretSpec {
  /**
   * An own certificate.
   *
   * @param chain PEM, the leaf first
   */
  record Certificate(String chain, PrivateKeyText key) implements SecretSpec {}

  /** Whom to trust. */
  record Trust(ValidationSpec validation) implements SecretSpec {}
}
