package io.zoneproxy.cp.translate.value;

import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.util.Optional;

/** Texts that stand in a resource. */
public final class Texts {
  private Texts() {}

  /** The text; empty when it is elsewhere or not there, which is noted. */
  public static Optional<String> inline(DataSource from, Problems problems) {
    switch (from.getSpecifierCase()) {
      case INLINE_BYTES -> {
        return Optional.of(from.getInlineBytes().toStringUtf8());
      }
      case INLINE_STRING -> {
        return Optional.of(from.getInlineString());
      }
      default -> {
        problems.add(from.getSpecifierCase(), "inline_bytes or inline_string");
        return Optional.empty();
      }
    }
  }
}
