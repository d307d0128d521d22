package io.zoneproxy.core.resource;

/** Where the text of a certificate or of a key stands. Never shows the text itself. */
public sealed interface DataSource {
  /**
   * In the resource.
   *
   * @param text PEM; nothing but this method shows it
   */
  record Inline(String text) implements DataSource {
    @Override
    public String toString() {
      return "inline";
    }
  }

  /**
   * In a file of this machine.
   *
   * @param path absolute, or relative to where the proxy was started
   */
  record File(String path) implements DataSource {
    @Override
    public String toString() {
      return "file " + path;
    }
  }

  /**
   * In a {@link Secret} of the same mesh.
   *
   * @param name of the secret
   */
  record Named(String name) implements DataSource {
    @Override
    public String toString() {
      return "secret " + name;
    }
  }

  /**
   * A certificate with its key.
   *
   * @param certificate PEM, the leaf first
   * @param key PEM, not encrypted
   */
  record Pair(DataSource certificate, DataSource key) {}
}
