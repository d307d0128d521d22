package io.zoneproxy.egress.policy;

import io.zoneproxy.core.model.balance.HttpUpstream;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits in time towards the endpoints of a cluster; empty where no policy says anything, so that
 * the proxy's own count.
 *
 * @param connect for one attempt
 * @param idle of a connection without requests
 * @param maxConnection from connect to the last new request
 * @param maxStream of one request
 */
record UpstreamTimeouts(
    Optional<Duration> connect,
    Optional<Duration> idle,
    Optional<Duration> maxConnection,
    Optional<Duration> maxStream) {
  /** Nothing said. */
  static final UpstreamTimeouts NONE =
      new UpstreamTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  HttpUpstream with(HttpUpstream.Version version) {
    return new HttpUpstream(version, idle, maxConnection, maxStream);
  }
}
