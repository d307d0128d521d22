package io.zoneproxy.cp.translate;

import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.zoneproxy.core.model.HostPort;
import java.util.Optional;

/** Envoy's addresses. */
final class Addresses {
  private static final int MOST_PORT = 65_535;

  private Addresses() {}

  /**
   * Host and port; empty when it is something else, which is noted.
   *
   * @param leastPort 0 for listeners, whose port the kernel may choose; 1 for endpoints
   */
  static Optional<HostPort> translate(Address address, int leastPort, Problems problems) {
    if (!address.hasSocketAddress()) {
      problems.add(address.getAddressCase(), "a socket_address");
      return Optional.empty();
    }
    SocketAddress socket = address.getSocketAddress();
    Problems here = problems.at("socket_address");
    if (socket.getAddress().isEmpty()) {
      here.at("address").add("empty", "an IP address or a DNS name");
      return Optional.empty();
    }
    int port = socket.getPortValue();
    if (port < leastPort || port > MOST_PORT) {
      here.at("port_value").add(Integer.toUnsignedString(port), leastPort + " to " + MOST_PORT);
      return Optional.empty();
    }
    return Optional.of(new HostPort(socket.getAddress(), port));
  }
}
