package io.zoneproxy.core.relay;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/**
 * The data path: accepts connections, peeks at their ClientHello, matches, connects and relays.
 * This is the seam between listeners and the ways of moving bytes. A relay runs on event loops of
 * the kind that it makes itself, which may be another program's.
 */
public interface Relay {
  /** What it is called in logs and on the admin port. */
  String name();

  /**
   * New event loops of the kind that it needs, on daemon threads.
   *
   * @param threads how many, at least 1
   * @param threadName begins the names of their threads
   */
  EventLoopGroup loops(int threads, String threadName);

  /** Whether several sockets may listen on one address, so that each event loop has its own. */
  boolean canShareAddress();

  /**
   * Opens one listening socket. For any thread; what it returns completes on the event loop.
   *
   * @param loop accepts on it
   * @param children serve what is accepted; the loop itself where each loop has a socket of its own
   * @param address where; port 0 lets the kernel choose
   * @param shared whether other sockets of this process listen on the same address
   * @param context what its connections share
   * @return the bound socket. Fails with the system's error
   */
  Future<ListeningSocket> listen(
      EventLoop loop,
      EventLoopGroup children,
      InetSocketAddress address,
      boolean shared,
      ListenerContext context);
}
