package io.zoneproxy.core.admin;

/** One path of the admin port. A role adds its own this way, for example {@code /explain}. */
public interface AdminEndpoint {
  /** The exact path, beginning with a slash. */
  String path();

  /** What it does, in a few words, for {@code /help}. */
  String help();

  /** Whether it changes anything: then only POST reaches it, and never from a page of a browser. */
  default boolean changes() {
    return false;
  }

  /**
   * Answers, on the admin port's event loop: at once, without blocking. An exception becomes a 500
   * and a line in the log.
   */
  AdminResponse handle(AdminRequest request);
}
