package io.zoneproxy.core.model;

/**
 * An address as configuration writes it: an IP literal or a name to be resolved, and a port.
 *
 * @param host IPv4 or IPv6 literal (without brackets) or a DNS name; never empty
 * @param port 0 to 65535; 0 is for listeners only and lets the kernel choose
 */
public record HostPort(String host, int port) implements Address {
  /** The last one there is. */
  public static final int MAX_PORT = 65535;

  public HostPort {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host: empty (expected: an IP address or a DNS name)");
    }
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + MAX_PORT + ")");
    }
  }

  /** The usual text form; an IPv6 literal stands in brackets. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
