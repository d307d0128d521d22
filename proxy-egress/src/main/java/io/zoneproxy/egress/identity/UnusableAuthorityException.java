package io.zoneproxy.egress.identity;

import java.io.Serial;

/** A mesh's authority cannot be had; the message is for operators, and holds no secret. */
public final class UnusableAuthorityException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  UnusableAuthorityException(String message) {
    super(message);
  }

  UnusableAuthorityException(String message, Throwable cause) {
    super(message, cause);
  }
}
