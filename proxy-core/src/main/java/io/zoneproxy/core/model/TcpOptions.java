package io.zoneproxy.core.model;

import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.model.log.AccessLogSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What else a chain says of the connections that it relays.
 *
 * @param idleTimeout without a byte either way; empty = the proxy's own ({@code --idle-timeout}),
 *     zero = none
 * @param hash what a balancer by hash looks at; only the source address can be
 * @param accessLogs one record a connection each
 * @param logOnConnect one more record when the upstream is connected
 */
public record TcpOptions(
    Optional<Duration> idleTimeout,
    List<HashPolicy> hash,
    List<AccessLogSpec> accessLogs,
    boolean logOnConnect) {
  /** Nothing said. */
  public static final TcpOptions DEFAULT =
      new TcpOptions(Optional.empty(), List.of(), List.of(), false);

  public TcpOptions {
    hash = List.copyOf(hash);
    accessLogs = List.copyOf(accessLogs);
  }
}
