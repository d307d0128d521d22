package io.zoneproxy.tls.context;

import io.zoneproxy.core.observe.TlsStats;
import io.zoneproxy.tls.identity.PeerRefusedException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Why a handshake has failed.
 *
 * @param text one line for the access record; a peer's bytes in it are harmless
 * @param counter of Envoy that it belongs to; null for none: whoever only leaves is no error
 */
record Failure(String text, Function<TlsStats, @Nullable LongAdder> counter) {
  /** Who is at the other end, in the words of messages. */
  enum Peer {
    CLIENT,
    SERVER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A line of a record; a certificate may hold many long names. */
  private static final int MAX_TEXT = 512;

  /** Our own check says it best; else the innermost message of the provider. */
  static Failure of(Throwable cause, Peer peer) {
    Throwable deepest = cause;
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof PeerRefusedException refused) {
        return new Failure(
            cut(peer + " certificate: " + each.getMessage()),
            refused.isForAnother() ? stats -> stats.failVerifySan : stats -> stats.failVerifyError);
      }
      deepest = each;
    }
    if (deepest instanceof ClosedChannelException) {
      return new Failure("TLS handshake: the " + peer + " closed the connection", stats -> null);
    }
    String message = String.valueOf(deepest.getMessage());
    String known = message.toLowerCase(Locale.ROOT).replace(' ', '_');
    return known.contains("peer_did_not_return_a_certificate")
            || known.contains("empty_client_certificate_chain")
        ? new Failure("client certificate: none (expected: one)", stats -> stats.failVerifyNoCert)
        : new Failure(cut("TLS handshake: " + message), stats -> stats.connectionError);
  }

  private static String cut(String text) {
    String line = text.replaceAll("[^\\x20-\\x7e]", "?"); // a peer's text goes into a record
    return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "…";
  }
}
