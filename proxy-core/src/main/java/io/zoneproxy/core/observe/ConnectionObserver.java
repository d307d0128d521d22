package io.zoneproxy.core.observe;

/** Told of every connection's end, on the connection's event loop: must neither block nor throw. */
@FunctionalInterface
public interface ConnectionObserver {
  /** Ignores everything. */
  ConnectionObserver NONE = closed -> {};

  /** A connection has ended, or was refused. */
  void onClosed(ConnectionRecord closed);

  /**
   * The upstream of a connection is there, and its chain wants that logged. Called once a
   * connection, before {@link #onClosed}.
   *
   * @param connected as far as it has come; its reason and detail mean nothing yet
   */
  default void onConnected(ConnectionRecord connected) {}
}
