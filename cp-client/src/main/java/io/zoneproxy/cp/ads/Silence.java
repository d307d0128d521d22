package io.zoneproxy.cp.ads;

/** Why kuma-cp may keep a stream open and say nothing: it writes the reason to its own log only. */
final class Silence {
  /** What to check, most likely first. */
  static final String CAUSES =
      "the stream is open, but the control plane sends nothing. It does so when it cannot make a"
          + " configuration: check that the advertised address of a zone ingress can be resolved by"
          + " the control plane, that the readiness port is not 0, that the admin address is a"
          + " loopback one; its own log says which";

  private Silence() {}
}
