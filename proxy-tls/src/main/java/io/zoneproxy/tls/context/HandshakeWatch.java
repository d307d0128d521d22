package io.zoneproxy.tls.context;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.zoneproxy.core.route.PeerIdentity;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.tls.identity.PeerNames;
import io.zoneproxy.tls.identity.PeerRefusedException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the TLS handler: notes on the channel who the peer is, or why the handshake failed.
 * On the event loop.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  /** As long as Envoy waits for the bytes before it. */
  static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** A line of a record; a certificate may hold many long names. */
  private static final int MAX_FAILURE = 512;

  private static final Logger log = LoggerFactory.getLogger(HandshakeWatch.class);

  private final SSLEngine engine;
  private final SharedContext context; // held as long as its connections
  private boolean failed;

  HandshakeWatch(SSLEngine engine, SharedContext context) {
    this.engine = engine;
    this.context = context;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        succeeded(ctx);
      } else {
        failed(ctx, text(handshake.cause()));
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  private void succeeded(ChannelHandlerContext ctx) {
    try {
      ctx.channel().attr(PeerIdentity.KEY).set(identity());
    } catch (PeerRefusedException e) { // the check has read the same names: cannot be
      failed(ctx, String.valueOf(e.getMessage()));
      ctx.close();
    }
  }

  private PeerIdentity identity() throws PeerRefusedException {
    Certificate[] chain;
    try {
      chain = engine.getSession().getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) { // it sent none, or was not asked
      return PeerIdentity.ANONYMOUS;
    }
    PeerNames names = PeerNames.of((X509Certificate) chain[0]);
    return new PeerIdentity(
        names.uris(), names.dnsNames(), names.subject(), context.checksClients());
  }

  private void failed(ChannelHandlerContext ctx, String why) {
    failed = true;
    ctx.channel().attr(TlsTermination.FAILURE).set(why);
    log.debug("{}: {}", ctx.channel(), why);
  }

  /** Our own check says it best; else the innermost message of the provider. */
  private static String text(Throwable cause) {
    Throwable deepest = cause;
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof PeerRefusedException) {
        return cut("client certificate: " + each.getMessage());
      }
      deepest = each;
    }
    if (deepest instanceof ClosedChannelException) {
      return "TLS handshake: the client closed the connection";
    }
    String message = String.valueOf(deepest.getMessage());
    String known = message.toLowerCase(Locale.ROOT).replace(' ', '_');
    return known.contains("peer_did_not_return_a_certificate")
            || known.contains("empty_client_certificate_chain")
        ? "client certificate: none (expected: one)"
        : cut("TLS handshake: " + message);
  }

  private static String cut(String text) {
    String line = text.replaceAll("[^\\x20-\\x7e]", "?"); // a peer's text goes into a record
    return line.length() <= MAX_FAILURE ? line : line.substring(0, MAX_FAILURE) + "…";
  }

  /** The TLS handler has closed the channel and has told why. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!failed) {
      ctx.fireExceptionCaught(cause);
    }
  }
}
