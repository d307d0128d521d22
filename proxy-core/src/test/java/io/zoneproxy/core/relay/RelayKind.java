package io.zoneproxy.core.relay;

import io.zoneproxy.core.relay.epoll.EpollRelay;
import io.zoneproxy.core.relay.portable.PortableRelay;

/** The relays there are, for tests that each of them must pass. */
public enum RelayKind {
  EPOLL,
  PORTABLE;

  public Relay make() {
    return this == EPOLL ? new EpollRelay() : new PortableRelay();
  }
}
