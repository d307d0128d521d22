package io.zoneproxy.core.relay.epoll;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Two ends of one connection, neither of which blocks.
 *
 * @param dialer who dialed
 * @param accepted the other
 */
record Loopback(LinuxSocket dialer, LinuxSocket accepted) {
  private static final int ADDRESS_BYTES = 64; // Netty: an address, its scope and its port
  private static final long WAIT_NANOS = 1_000_000_000; // the kernel needs microseconds

  /** A new one over the loopback device. */
  static Loopback connect() throws IOException {
    Epoll.ensureAvailability(); // loads the native library: this may be the first use of it
    LinuxSocket listener = LinuxSocket.newSocketStream(SocketProtocolFamily.INET);
    try {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listener.listen(1);
      LinuxSocket dialer = LinuxSocket.newSocketStream(SocketProtocolFamily.INET);
      dialer.connect(listener.localAddress());
      LinuxSocket accepted = accept(listener);
      LinuxSockets.noDelay(dialer);
      LinuxSockets.noDelay(accepted);
      return new Loopback(dialer, accepted);
    } finally {
      listener.close();
    }
  }

  private static LinuxSocket accept(LinuxSocket listener) throws IOException {
    byte[] address = new byte[ADDRESS_BYTES];
    long start = System.nanoTime();
    int descriptor = listener.accept(address);
    while (descriptor < 0) {
      if (System.nanoTime() - start > WAIT_NANOS) {
        throw new IOException("the loopback device connects nothing");
      }
      descriptor = listener.accept(address);
    }
    return LinuxSocket.newSocket(descriptor);
  }
}
