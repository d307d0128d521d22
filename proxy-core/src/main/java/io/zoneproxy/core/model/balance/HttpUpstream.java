package io.zoneproxy.core.model.balance;

import java.time.Duration;
import java.util.Optional;

/**
 * HTTP towards the endpoints of a cluster.
 *
 * @param version what is spoken
 * @param idleTimeout of a connection without requests; empty means an hour, Envoy's default
 * @param maxConnectionDuration from connect to the last new request; empty or zero = no limit
 * @param maxStreamDuration of one request; empty or zero = no limit
 */
public record HttpUpstream(
    Version version,
    Optional<Duration> idleTimeout,
    Optional<Duration> maxConnectionDuration,
    Optional<Duration> maxStreamDuration) {
  /** What is spoken. */
  public enum Version {
    HTTP_1_1,
    HTTP_2
  }

  /** HTTP/1.1 without limits: what Envoy speaks when nothing is said. */
  public static final HttpUpstream DEFAULT =
      new HttpUpstream(Version.HTTP_1_1, Optional.empty(), Optional.empty(), Optional.empty());
}
