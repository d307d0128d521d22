package io.zoneproxy.core.relay;

/** How sockets are closed at the end of a connection. */
public enum End {
  /** After what is queued was sent, with FIN. */
  FIN,
  /** At once, with RST: the peer must not take what it has for the whole. */
  RESET
}
