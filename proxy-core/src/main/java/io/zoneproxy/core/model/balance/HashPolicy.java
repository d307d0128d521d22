package io.zoneproxy.core.model.balance;

import java.time.Duration;
import java.util.Optional;

/**
 * A part of what a balancer by hash looks at.
 *
 * @param source the part
 * @param terminal when it gave a value, the policies after it are not looked at
 */
public record HashPolicy(Source source, boolean terminal) {
  /** The parts there are. */
  public sealed interface Source {}

  /** The address of the downstream, without its port. */
  public record SourceAddress() implements Source {}

  /** A header of the request. */
  public record Header(String name) implements Source {}

  /** A parameter of the query. */
  public record QueryParameter(String name) implements Source {}

  /**
   * A cookie.
   *
   * @param ttl present: when the cookie is not there one is made, zero for the browser's session
   * @param path of the cookie that is made
   */
  public record Cookie(String name, Optional<Duration> ttl, String path) implements Source {}

  /** A key of the filter state. */
  public record FilterState(String key) implements Source {}
}
