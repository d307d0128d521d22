package io.zoneproxy.core.forward.request;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A compiled step of a request before it is forwarded. Any thread; never blocks. */
public interface RequestFilter {
  /** What comes of it. */
  sealed interface Step {
    /** It goes on. */
    Step PASS = new Pass();
  }

  /** It goes on. */
  record Pass() implements Step {}

  /** It is answered here. */
  record Reply(LocalReply reply) implements Step {}

  /**
   * It goes on later, or slower.
   *
   * @param delay before it goes on; zero = now
   * @param bytesPerSecond at which the response is delivered; 0 = as it comes
   */
  record Slow(Duration delay, long bytesPerSecond) implements Step {}

  /**
   * Looks at one request, once.
   *
   * @param route that it takes; null when none does
   */
  Step apply(ForwardedRequest request, @Nullable Route route);
}
