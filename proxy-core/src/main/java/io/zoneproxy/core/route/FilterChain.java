package io.zoneproxy.core.route;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Picker;

/** What becomes of a connection once its server name is known. No route is a chain, too. */
public sealed interface FilterChain {
  /** The server name it was configured with; "" for the one that takes everything else. */
  String name();

  /**
   * Relays the bytes, TLS untouched.
   *
   * @param picker chooses the endpoint
   */
  record Passthrough(String name, Picker picker) implements FilterChain {}

  /**
   * Closes the connection.
   *
   * @param reason what the access log says
   */
  record Refuse(String name, CloseReason reason) implements FilterChain {}
}
