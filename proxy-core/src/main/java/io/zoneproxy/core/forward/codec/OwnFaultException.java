package io.zoneproxy.core.forward.codec;

import java.io.Serial;

/** What ends a connection is no peer's doing: this proxy could not write, or made a mistake. */
public final class OwnFaultException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final Throwable fault;

  OwnFaultException(Throwable fault) {
    super(fault);
    this.fault = fault;
  }

  /** What it was. */
  public Throwable fault() {
    return fault;
  }

  /** Where it was found out interests nobody: the fault has a trace of its own. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
