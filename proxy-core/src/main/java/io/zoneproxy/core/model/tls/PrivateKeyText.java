package io.zoneproxy.core.model.tls;

/**
 * A private key. Its text is shown by nothing but {@link #pem()}.
 *
 * @param pem PEM, or {@link #LEFT_OUT}
 */
public record PrivateKeyText(String pem) {
  /** Stands where a key was, in a configuration that was kept on disk without its keys. */
  public static final String LEFT_OUT = "[left out]";

  /** Whether the key is not there because the configuration was kept without it. */
  public boolean isLeftOut() {
    return pem.equals(LEFT_OUT);
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
