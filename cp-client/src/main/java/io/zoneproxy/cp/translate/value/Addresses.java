package io.zoneproxy.cp.translate.value;

import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Pipe;
import java.util.Optional;

/** Envoy's addresses. */
public final class Addresses {
  /** For listeners: the kernel may choose. */
  public static final int ANY_PORT = 0;

  /** For endpoints. */
  public static final int FIRST_PORT = 1;

  private Addresses() {}

  /**
   * Host and port, or a Unix socket; empty when it is something else, which is noted.
   *
   * @param leastPort {@link #ANY_PORT} or {@link #FIRST_PORT}
   */
  public static Optional<Address> translate(
      io.envoyproxy.envoy.config.core.v3.Address from, int leastPort, Problems problems) {
    return switch (from.getAddressCase()) {
      case SOCKET_ADDRESS ->
          socket(from.getSocketAddress(), leastPort, problems.at("socket_address"));
      case PIPE -> pipe(from.getPipe().getPath(), problems.at("pipe").at("path"));
      default -> {
        problems.add(from.getAddressCase(), "a socket_address or a pipe");
        yield Optional.empty();
      }
    };
  }

  private static Optional<Address> pipe(String path, Problems problems) {
    if (!path.startsWith("/")) {
      problems.add(path.isEmpty() ? "empty" : path, "an absolute path");
      return Optional.empty();
    }
    return Optional.of(new Pipe(path));
  }

  private static Optional<Address> socket(SocketAddress from, int leastPort, Problems problems) {
    if (from.getProtocol() != SocketAddress.Protocol.TCP) {
      problems.at("protocol").add(from.getProtocol(), "TCP");
      return Optional.empty();
    }
    if (from.getAddress().isEmpty()) {
      problems.at("address").add("empty", "an IP address or a DNS name");
      return Optional.empty();
    }
    int port = from.getPortValue();
    if (port < leastPort || port > HostPort.MAX_PORT) {
      problems
          .at("port_value")
          .add(Integer.toUnsignedString(port), leastPort + " to " + HostPort.MAX_PORT);
      return Optional.empty();
    }
    return Optional.of(new HostPort(from.getAddress(), port));
  }
}
