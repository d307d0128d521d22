package io.zoneproxy.core.model;

/** Where to listen or whom to dial. */
public sealed interface Address permits HostPort, Pipe {
  /**
   * The host that may have to be resolved; "" when there is none.
   *
   * @return an IP literal, a name, or ""
   */
  String host();
}
