package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.http.HttpTimeouts;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits in time of what comes to a chain.
 *
 * @param http of its connections
 * @param response of the one route: until the response is whole; zero = none
 * @param stillness of the one route: of a request on which nothing moves; empty = the chain's
 * @param idle of a connection that is relayed; empty = the proxy's own
 */
public record CallTimeouts(
    HttpTimeouts http, Duration response, Optional<Duration> stillness, Optional<Duration> idle) {
  /** As a control plane has it where no policy says anything. */
  public static final CallTimeouts NONE =
      new CallTimeouts(
          new HttpTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
          Duration.ZERO,
          Optional.empty(),
          Optional.empty());
}
