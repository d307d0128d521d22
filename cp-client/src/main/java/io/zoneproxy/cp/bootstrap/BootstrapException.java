package io.zoneproxy.cp.bootstrap;

/** The control plane has not given a bootstrap; the message says why and what to do. */
public final class BootstrapException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean worthRetrying;

  BootstrapException(String message, boolean worthRetrying) {
    super(message);
    this.worthRetrying = worthRetrying;
  }

  /** Whether the same call may have another answer later. */
  public boolean worthRetrying() {
    return worthRetrying;
  }
}
