package io.zoneproxy.core.model.tls;

/**
 * A private key. Its text is shown by nothing but {@link #pem()}.
 *
 * @param pem PEM
 */
public record PrivateKeyText(String pem) {
  @Override
  public String toString() {
    return "[redacted]";
  }
}
