package io.zoneproxy.core.config;

/**
 * All settings of a running proxy that no resource carries.
 *
 * @param hello what a downstream may cost before it is routed
 * @param relay time limits of a routed connection
 * @param limits how many connections
 * @param drain how it ends
 * @param removal what becomes of connections whose chain is removed
 */
public record ProxyConfig(
    HelloLimits hello,
    RelayConfig relay,
    ConnectionLimits limits,
    DrainConfig drain,
    RemovalPolicy removal) {
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
