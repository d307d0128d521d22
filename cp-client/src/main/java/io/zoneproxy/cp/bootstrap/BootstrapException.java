package io.zoneproxy.cp.bootstrap;

/** The control plane has not given a bootstrap; the message says why and what to do. */
public final class BootstrapException extends Exception {
  private static final long serialVersionUID = 2;

  private final Retry retry;

  BootstrapException(String message, Retry retry) {
    super(message);
    this.retry = retry;
  }

  /** Whether the same call may have another answer later. */
  public boolean worthRetrying() {
    return retry != Retry.NEVER;
  }

  Retry retry() {
    return retry;
  }

  /** What another call is good for. */
  enum Retry {
    /** The answer would be the same. */
    NEVER,
    /** After the period. */
    SOON,
    /**
     * Less and less often: with each such answer kuma-cp writes the request, with the token in it,
     * to its log.
     */
    RARELY
  }
}
