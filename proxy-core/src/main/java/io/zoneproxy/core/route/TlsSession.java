package io.zoneproxy.core.route;

import io.netty.channel.ChannelFuture;
import io.netty.util.AttributeKey;

/**
 * TLS on a channel, as the handlers behind it see it; noted on the channel when the handshake is
 * done. On the event loop.
 */
public interface TlsSession {
  /** Where a channel has its session; unset before the handshake is done, and without TLS. */
  AttributeKey<TlsSession> KEY = AttributeKey.valueOf(TlsSession.class, "KEY");

  /**
   * A user event: the handshake is done. What the peer says comes after it, and that it says no
   * more as {@link io.netty.channel.socket.ChannelInputShutdownEvent}, as without TLS.
   */
  Object ESTABLISHED =
      new Object() {
        @Override
        public String toString() {
          return "TLS established";
        }
      };

  /** What ALPN chose; "" when nothing. */
  String protocol();

  /** For example {@code TLSv1.3}. */
  String version();

  /** The cipher suite by its IANA name. */
  String cipher();

  /**
   * Sets it to pass on what another peer says, for as long as that peer says it. To be called at
   * once when the handshake is done.
   *
   * <p>The peer may still be told something when it has ended its own direction. It works with TLS
   * 1.2, where RFC 5246 §7.2.1 would have us end at once, and all peers read on; not with TLS 1.3,
   * where the end cannot be seen before the TLS library has acted on it.
   *
   * @param most bytes of one write that become records in one buffer, so that they are one write of
   *     the socket too; smaller writes are put together up to it. Above 0
   */
  void relays(int most);

  /**
   * Whether the peer may still be told something. BoringSSL as Netty drives it ends both directions
   * when the peer ends its own; {@link #relays} helps with TLS 1.2.
   */
  boolean outputOpen();

  /** Tells the peer that no more comes ({@code close_notify}); reading goes on. */
  ChannelFuture endOutput();
}
