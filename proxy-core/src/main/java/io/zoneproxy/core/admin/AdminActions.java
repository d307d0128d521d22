package io.zoneproxy.core.admin;

/**
 * What the admin port may set going. Called on the admin port's event loop: each method starts its
 * work and returns at once.
 */
public interface AdminActions {
  /** Closes the listeners; live connections go on. */
  void drainListeners();

  /**
   * Makes {@code /ready} answer as if draining, or takes that back.
   *
   * @param fail true to fail
   */
  void failHealthCheck(boolean fail);

  /** Ends the process, or the embedded proxy. */
  void quit();
}
