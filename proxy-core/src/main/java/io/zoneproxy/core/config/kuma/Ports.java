package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.model.HostPort;
import java.util.Optional;

/** Reads a port that is part of a longer text. */
final class Ports {
  /** The digits of 65535. */
  private static final int MOST_DIGITS = 5;

  private Ports() {}

  /** 1 to 65535; empty when it is none. */
  static Optional<Integer> of(String text) {
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (text.isEmpty() || text.length() > MOST_DIGITS || !digits) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text);
    return port >= 1 && port <= HostPort.MAX_PORT ? Optional.of(port) : Optional.empty();
  }
}
