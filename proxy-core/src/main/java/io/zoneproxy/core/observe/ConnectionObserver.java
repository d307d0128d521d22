package io.zoneproxy.core.observe;

/** Told of every connection's end, on the connection's event loop: must neither block nor throw. */
@FunctionalInterface
public interface ConnectionObserver {
  /** Ignores everything. */
  ConnectionObserver NONE = closed -> {};

  /** A connection has ended, or was refused. */
  void onClosed(ConnectionRecord closed);
}
