package io.zoneproxy.core.model.tls;

/** Where an own certificate and its key come from. */
public sealed interface CertificateSource {
  /**
   * They stand in the configuration.
   *
   * @param chain PEM, the leaf first
   */
  record Inline(String chain, PrivateKeyText key) implements CertificateSource {}

  /**
   * They are files, PEM.
   *
   * @param chain path of the chain
   * @param key path of the key
   */
  record Files(String chain, String key) implements CertificateSource {}

  /** They come as a secret. */
  record Named(SecretName secret) implements CertificateSource {}
}
