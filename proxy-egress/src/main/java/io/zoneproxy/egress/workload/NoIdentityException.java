package io.zoneproxy.egress.workload;

/** A MeshIdentity is for a data plane, and gives it no SPIFFE ID here. */
public final class NoIdentityException extends Exception {
  private static final long serialVersionUID = 1;

  NoIdentityException(String message) {
    super(message);
  }
}
