package io.zoneproxy.egress.identity;

import java.io.Serial;

/** A mesh has an authority that only a control plane can ask. */
final class UnsupportedBackendException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  UnsupportedBackendException(String message) {
    super(message);
  }
}
