package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollIoHandle;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.relay.epoll.EpollRelay;
import io.zoneproxy.core.relay.portable.PortableRelay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the relay for this system. */
public final class Relays {
  private static final Logger log = LoggerFactory.getLogger(Relays.class);

  private Relays() {}

  /**
   * The one for event loops of another program: the fast one on Netty's epoll loops, else the
   * portable one, for NIO loops.
   */
  public static Relay fitting(EventLoopGroup loops) {
    return loops.next() instanceof IoEventLoop loop && loop.isCompatible(EpollIoHandle.class)
        ? new EpollRelay()
        : new PortableRelay();
  }

  /** The one that costs least of those that run here; says why it is not the fast one. */
  public static Relay best() {
    String obstacle = EpollRelay.obstacle();
    if (obstacle == null) {
      return new EpollRelay();
    }
    log.warn(
        "the portable relay serves, which costs up to three times the CPU: {} (expected: a folder"
            + " for temporary files that can hold libraries, -Djava.io.tmpdir, and splice(2))",
        obstacle);
    return new PortableRelay();
  }
}
