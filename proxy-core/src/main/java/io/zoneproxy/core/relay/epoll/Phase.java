package io.zoneproxy.core.relay.epoll;

/** What a connection is about: its ClientHello, a dial, the relaying. On its event loop only. */
interface Phase {
  /** Before the first one: nothing is owned, nothing is awaited. */
  Phase NONE =
      new Phase() {
        @Override
        public void onReady(Half half) {}

        @Override
        public void onSweep(long now) {}

        @Override
        public void close() {}
      };

  /** One of its sockets may have become readable, writable or broken. */
  void onReady(Half half);

  /** Looks whether its deadline has passed. */
  void onSweep(long now);

  /** It is over, whatever comes next; gives back what it owns. */
  void close();
}
