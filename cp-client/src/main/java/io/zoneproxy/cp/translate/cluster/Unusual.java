package io.zoneproxy.cp.translate.cluster;

import java.io.IOException;

/** Bytes that a quick reader leaves to the generated messages; never seen outside of it. */
final class Unusual extends IOException {
  private static final long serialVersionUID = 1;

  Unusual() {
    super("unusual");
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this; // no fault, and not to be searched for
  }
}
