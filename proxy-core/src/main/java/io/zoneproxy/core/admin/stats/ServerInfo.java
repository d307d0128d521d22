package io.zoneproxy.core.admin.stats;

import java.time.Duration;
import java.time.Instant;

/**
 * What stays the same in the life of a proxy.
 *
 * @param version of this program
 * @param concurrency number of event loops that carry connections
 * @param started when the proxy was started
 */
public record ServerInfo(String version, int concurrency, Instant started) {
  /** How long the proxy has been running; never negative, also when the clock was set back. */
  public Duration uptime() {
    Duration uptime = Duration.between(started, Instant.now());
    return uptime.isNegative() ? Duration.ZERO : uptime;
  }
}
