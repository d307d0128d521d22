package io.zoneproxy.core.observe;

import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TransportProtocol;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What the admin port may see of a running proxy. Every method answers at once, on any thread. */
public interface ProxyView {
  /** The states of a process as Envoy names them in {@code /server_info}. */
  enum State {
    /** Up, but no complete configuration is in force yet, or a listener of it is not bound. */
    INITIALIZING,
    /** A complete configuration is in force, an empty one included. */
    LIVE,
    /** On the way to the end: no new connections are wanted. */
    DRAINING
  }

  /** Where the process is in its life. */
  State state();

  /** The listeners that are bound now. */
  List<ListenerStatus> listeners();

  /** Unix sockets that are listened on, by the listener's name. */
  default SortedMap<String, Pipe> pipes() {
    return Collections.emptySortedMap();
  }

  /**
   * Why a listener refuses the connections that begin so; empty when it does not, or when nothing
   * of it is known. What a configuration alone cannot tell is in it: what the program cannot do.
   *
   * @param listener its name
   * @param serverName lower case; "" for none
   * @param transport what they begin with: TLS or PLAIN
   */
  default Optional<Refusal> refusal(
      String listener, String serverName, TransportProtocol transport) {
    return Optional.empty();
  }

  /**
   * Why connections are refused.
   *
   * @param detail for operators; "" when the reason says all
   */
  record Refusal(CloseReason reason, String detail) {}

  /** The clusters of the configuration in force. */
  List<ClusterStatus> clusters();

  /** The configuration in force. */
  ProxySnapshot snapshot();

  /** Counters that belong to no listener and no cluster. */
  ServerStats server();
}
