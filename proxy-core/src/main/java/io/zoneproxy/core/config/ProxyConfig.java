package io.zoneproxy.core.config;

import io.zoneproxy.core.config.outbound.OutboundProxies;

/**
 * All settings of a running proxy that no resource carries.
 *
 * @param hello what a downstream may cost before it is routed
 * @param relay time limits of a routed connection
 * @param limits how many connections
 * @param drain how it ends
 * @param removal what becomes of connections whose chain is removed
 * @param allowLinkLocal whether names of external services may lead to link-local addresses
 * @param outbound through which proxies external services are reached
 */
public record ProxyConfig(
    HelloLimits hello,
    RelayConfig relay,
    ConnectionLimits limits,
    DrainConfig drain,
    RemovalPolicy removal,
    boolean allowLinkLocal,
    OutboundProxies outbound) {
  /** Link-local addresses are not dialed for external services, and no proxy is asked. */
  public ProxyConfig(
      HelloLimits hello,
      RelayConfig relay,
      ConnectionLimits limits,
      DrainConfig drain,
      RemovalPolicy removal) {
    this(hello, relay, limits, drain, removal, false, OutboundProxies.NONE);
  }

  /** The defaults of the command line, with this limit of connections. */
  public static ProxyConfig withMaxConnections(int maxConnections) {
    return new ProxyConfig(
        HelloLimits.DEFAULT,
        RelayConfig.DEFAULT,
        ConnectionLimits.of(maxConnections),
        DrainConfig.DEFAULT,
        RemovalPolicy.DRAIN);
  }
}
