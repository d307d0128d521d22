package io.zoneproxy.ingress.inspect;

import io.zoneproxy.ingress.flags.UsageException;

/** How a command answers. */
enum Format {
  /** For people. */
  TEXT,
  /** For programs. */
  JSON;

  static Format of(String name) {
    return switch (name) {
      case "text" -> TEXT;
      case "json" -> JSON;
      default -> throw new UsageException("--format=" + name + " (expected: text or json)");
    };
  }
}
