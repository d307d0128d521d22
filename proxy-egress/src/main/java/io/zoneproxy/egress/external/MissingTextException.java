package io.zoneproxy.egress.external;

import java.io.Serial;

/** A certificate or key cannot be had; the message is for operators. */
final class MissingTextException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MissingTextException(String message) {
    super(message);
  }
}
