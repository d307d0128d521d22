package io.zoneproxy.core.model;

import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpSpec;

/** What a filter chain ends in. */
public sealed interface Terminal {
  /**
   * Bytes are relayed: as they come (passthrough), or what was in the TLS that the chain ended.
   *
   * @param to where
   * @param options all else; one object for many chains
   */
  record TcpProxy(Destination to, TcpOptions options) implements Terminal {
    /** To any endpoint of a cluster that carries these tags, nothing special. */
    public static TcpProxy to(Destination to) {
      return new TcpProxy(to, TcpOptions.DEFAULT);
    }
  }

  /** HTTP is spoken. */
  record HttpProxy(HttpSpec http) implements Terminal {}

  /**
   * A text is sent, and the connection ends.
   *
   * @param text sent as UTF-8
   */
  record DirectResponse(String text) implements Terminal {}

  /**
   * Connections are refused.
   *
   * @param why for operators, for example {@code cluster default:backend: has not been sent}
   */
  record Refusal(String why) implements Terminal {
    /** Of a chain that ends in nothing: Envoy takes such a one, and closes its connections. */
    public static final Refusal NO_FILTERS = new Refusal("no filters in the chain");
  }
}
