package io.zoneproxy.core.relay;

import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.policy.Subject;
import io.zoneproxy.core.route.Opening;
import org.jspecify.annotations.Nullable;

/** An open connection as the rest of the proxy may touch it. Any thread. */
public interface LiveConnection {
  /** The listener that accepted it. */
  String listener();

  /** What it began with and is pinned by; null as long as its ClientHello is not whole. */
  @Nullable Opening opening();

  /**
   * As whom it was let in by the permissions of its chain; null when they were not asked, or when
   * they decide by nothing that a connection proves of itself.
   */
  default @Nullable Subject subject() {
    return null;
  }

  /** Whether the proxy itself answers it: a drain does not wait for such a one. */
  default boolean own() {
    return false;
  }

  /**
   * Ends it soon, on its own event loop, with a reset of both sides.
   *
   * @return false when it was cut before
   */
  boolean cut(CloseReason reason);
}
