package io.zoneproxy.core.relay;

import io.netty.buffer.ByteBuf;

/**
 * Looks at the first bytes of one connection for its server name. One instance a connection, used
 * on its event loop only. It lives here because core may not know TLS; proxy-tls implements it.
 */
public interface Peek {
  /** What is known so far. The five outcomes are never folded together. */
  enum Outcome {
    /** Not whole yet: feed more bytes. */
    MORE,
    /** A whole, well-formed ClientHello. */
    COMPLETE,
    /** Not a TLS handshake. */
    NOT_TLS,
    /** A TLS handshake that breaks the rules. */
    MALFORMED,
    /** Longer than allowed, or announced so. */
    TOO_LONG
  }

  /**
   * Takes in the next bytes of the stream, each of them once. Every outcome but {@link
   * Outcome#MORE} is final.
   *
   * @param bytes only bytes not seen before; its indices stay as they are and it is not kept
   */
  Outcome advance(ByteBuf bytes);

  /** The SNI, ASCII lower-cased, "" when there is none; valid after {@link Outcome#COMPLETE}. */
  String serverName();

  /**
   * Bytes of the stream up to the end of the record that completed the ClientHello; valid after
   * {@link Outcome#COMPLETE}. Whatever was received beyond is no part of it.
   */
  int helloBytes();

  /** Makes one for each connection. */
  @FunctionalInterface
  interface Factory {
    /** A fresh one. */
    Peek create();
  }
}
