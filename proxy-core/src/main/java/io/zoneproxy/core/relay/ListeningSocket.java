package io.zoneproxy.core.relay;

import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;

/** One bound socket of a listener. Any thread. */
public interface ListeningSocket {
  /** The address that is bound, with the port that the kernel chose if it was 0. */
  InetSocketAddress address();

  /** Stops accepting; what it accepted goes on. Completes when the address is free. */
  Future<?> stopAccepting();
}
