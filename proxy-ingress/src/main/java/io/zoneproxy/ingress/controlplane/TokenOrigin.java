package io.zoneproxy.ingress.controlplane;

import java.nio.file.Path;

/** Where a proxy's token comes from. Never shows it. */
public sealed interface TokenOrigin {
  /**
   * A file, which may be written anew at any time: read it for each stream.
   *
   * @param path it held a token when the run began
   */
  record File(Path path) implements TokenOrigin {}

  /**
   * The token itself.
   *
   * @param token without white space around it
   */
  record Inline(String token) implements TokenOrigin {
    @Override
    public String toString() {
      return "Inline[token=…]";
    }
  }

  /** No token: for control planes that authenticate nobody. */
  record None() implements TokenOrigin {}
}
