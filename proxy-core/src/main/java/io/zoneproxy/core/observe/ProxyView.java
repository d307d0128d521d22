package io.zoneproxy.core.observe;

import io.zoneproxy.core.model.ProxySnapshot;
import java.util.List;

/** What the admin port may see of a running proxy. Every method answers at once, on any thread. */
public interface ProxyView {
  /** The states of a process as Envoy names them in {@code /server_info}. */
  enum State {
    /** Up, but no complete configuration is in force yet. */
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

  /** The clusters of the configuration in force. */
  List<ClusterStatus> clusters();

  /** The configuration in force. */
  ProxySnapshot snapshot();

  /** Counters that belong to no listener and no cluster. */
  ServerStats server();
}
