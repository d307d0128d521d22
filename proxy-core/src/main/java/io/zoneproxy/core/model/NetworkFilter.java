package io.zoneproxy.core.model;

import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.TokenBucket;

/** A step of a connection before its chain's end. */
public sealed interface NetworkFilter {
  /**
   * Who may pass; the connection is closed otherwise.
   *
   * @param statPrefix stands before its counters' names, its own dot included; "" for none
   */
  record Rbac(String statPrefix, RbacSpec spec) implements NetworkFilter {
    /** Without a prefix. */
    public Rbac(RbacSpec spec) {
      this("", spec);
    }
  }

  /** At most so many connections; the others are closed. */
  record RateLimit(TokenBucket bucket) implements NetworkFilter {}

  /**
   * Notes something of the downstream under a key, for routes to look at.
   *
   * @param value an access-log format, for example {@code %REQUESTED_SERVER_NAME%}; "" when it
   *     yields nothing, and the key is then not set
   */
  record SetFilterState(String key, String value) implements NetworkFilter {}
}
