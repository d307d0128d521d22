package io.zoneproxy.core.relay;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/**
 * The data path: accepts connections, peeks at their ClientHello, matches, connects and relays.
 * This is the seam between listeners and the ways of moving bytes; {@link PortableRelay} runs
 * everywhere.
 */
public interface Relay {
  /**
   * Opens one listening socket.
   *
   * @param loop accepts on it
   * @param children serve what is accepted; the loop itself where each loop has a socket of its own
   * @param address where; port 0 lets the kernel choose
   * @param shared whether other sockets of this process listen on the same address
   * @param context what its connections share
   * @return the bound socket: its {@code localAddress} is the address, its {@code close} ends
   *     accepting. Fails with the system's error
   */
  Future<Channel> listen(
      EventLoop loop,
      EventLoopGroup children,
      InetSocketAddress address,
      boolean shared,
      ListenerContext context);
}
