package io.zoneproxy.tls.context;

import java.io.Serial;

/** No context can be made of what is configured; the message is for operators. */
public final class UnusableTlsException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  UnusableTlsException(String message) {
    super(message);
  }

  UnusableTlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
