package io.zoneproxy.core.runtime;

import io.zoneproxy.core.observe.ListenerStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Whether one of the proxy's own listeners, or another port of its process, takes what is sent to
 * an address. Any thread.
 */
public final class OwnAddresses implements BiPredicate<InetAddress, Integer> {
  private final Supplier<List<ListenerStatus>> listeners;
  private final List<InetSocketAddress> others = new CopyOnWriteArrayList<>();

  /** Of these listeners, which are asked each time, and of what is added. */
  public OwnAddresses(Supplier<List<ListenerStatus>> listeners) {
    this.listeners = listeners;
  }

  /** Of a port that is no listener, and for no traffic: the admin port, for one. */
  public void add(InetSocketAddress bound) {
    others.add(bound);
  }

  @Override
  public boolean test(InetAddress address, Integer port) {
    for (ListenerStatus listener : listeners.get()) {
      if (takes(listener.address(), address, port)) {
        return true;
      }
    }
    return others.stream().anyMatch(at -> takes(at, address, port));
  }

  private static boolean takes(InetSocketAddress at, InetAddress address, int port) {
    return at.getPort() == port && takes(at.getAddress(), address);
  }

  /** The host's interfaces are asked only for the few addresses with a port of ours. */
  private static boolean takes(InetAddress listening, InetAddress address) {
    if (address.isAnyLocalAddress()) { // who dials it gets to the loopback interface
      return listening.isAnyLocalAddress() || listening.isLoopbackAddress();
    }
    if (!listening.isAnyLocalAddress()) {
      return listening.equals(address);
    }
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true; // who cannot be asked is not dialed either
    }
  }
}
