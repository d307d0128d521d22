package io.zoneproxy.core.forward.pool;

/** Waits for a connection, on its event loop. */
public interface Waiter {
  /** Hears the response. */
  ResponseListener listener();

  /** There is one: the request may be written. */
  void onReady(UpstreamRequest request);

  /** There is none. */
  void onFailed(Failure failure);

  /** Whether a kept connection has ended under it already: the others may be as old. */
  boolean wantsFresh();
}
