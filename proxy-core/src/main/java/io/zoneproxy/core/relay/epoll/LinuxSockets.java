package io.zoneproxy.core.relay.epoll;

import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.zoneproxy.core.relay.SocketDefaults;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Makes sockets and sets their options. */
final class LinuxSockets {
  // Values of <asm-generic/socket.h> and <netinet/tcp.h>; Netty's setters are not for others.
  private static final int SOL_SOCKET = 1;
  private static final int SO_KEEPALIVE = 9;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int TCP_KEEPIDLE = 4;
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;

  private LinuxSockets() {}

  /** A socket of the address's family. */
  static LinuxSocket open(InetSocketAddress address) {
    return LinuxSocket.newSocketStream(
        address.getAddress() instanceof Inet6Address
            ? SocketProtocolFamily.INET6
            : SocketProtocolFamily.INET);
  }

  /** The options that both sides of a relay have. What is accepted inherits its listener's. */
  static void keepAlive(LinuxSocket socket) throws IOException {
    socket.setIntOpt(SOL_SOCKET, SO_KEEPALIVE, 1);
    socket.setIntOpt(IPPROTO_TCP, TCP_KEEPIDLE, SocketDefaults.KEEPALIVE_IDLE_SECONDS);
    socket.setIntOpt(IPPROTO_TCP, TCP_KEEPINTVL, SocketDefaults.KEEPALIVE_INTERVAL_SECONDS);
    socket.setIntOpt(IPPROTO_TCP, TCP_KEEPCNT, SocketDefaults.KEEPALIVE_COUNT);
  }

  static void noDelay(LinuxSocket socket) throws IOException {
    socket.setIntOpt(IPPROTO_TCP, TCP_NODELAY, 1);
  }

  /** Closes with RST; what is queued is lost, and the peer knows. */
  static void reset(LinuxSocket socket) throws IOException {
    try {
      socket.setSoLinger(0);
    } finally {
      socket.close();
    }
  }
}
