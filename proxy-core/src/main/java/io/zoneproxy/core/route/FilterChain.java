package io.zoneproxy.core.route;

import io.netty.channel.Channel;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Picker;
import java.util.function.Consumer;

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
   * Gives the connection to Netty handlers, on a channel of the same event loop: for chains that
   * end TLS.
   *
   * @param handlers puts handlers into the pipeline of a fresh downstream; the first thing they
   *     read is what was peeked at. Called on the event loop
   */
  record Terminate(String name, Consumer<Channel> handlers) implements FilterChain {}

  /**
   * Closes the connection.
   *
   * @param reason what the access log says
   */
  record Refuse(String name, CloseReason reason) implements FilterChain {}
}
