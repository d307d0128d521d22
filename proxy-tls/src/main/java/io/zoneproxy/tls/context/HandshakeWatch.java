package io.zoneproxy.tls.context;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.zoneproxy.core.observe.TlsStats;
import io.zoneproxy.core.route.PeerIdentity;
import io.zoneproxy.core.route.TlsSession;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.tls.identity.PeerNames;
import io.zoneproxy.tls.identity.PeerRefusedException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands behind the TLS handler: notes on the channel who the peer is, or why the handshake failed,
 * and tells the handlers behind that it is done. On the event loop.
 */
final class HandshakeWatch extends ChannelInboundHandlerAdapter {
  /** As long as Envoy waits for the bytes before it. */
  static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(HandshakeWatch.class);

  private final SslHandler handler;
  private final RecordWatch records;
  private final SharedContext context; // held as long as its connections
  private final Failure.Peer peer;
  private boolean failed;

  HandshakeWatch(
      SslHandler handler, RecordWatch records, SharedContext context, Failure.Peer peer) {
    this.handler = handler;
    this.records = records;
    this.context = context;
    this.peer = peer;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        succeeded(ctx);
      } else {
        Failure failure = Failure.of(handshake.cause(), peer);
        count(ctx, failure.counter());
        failed(ctx, failure.text());
      }
    } else if (event instanceof SslCloseCompletionEvent) {
      ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      return;
    }
    ctx.fireUserEventTriggered(event);
  }

  private void succeeded(ChannelHandlerContext ctx) {
    try {
      PeerIdentity found = identity();
      ctx.channel().attr(PeerIdentity.KEY).set(found);
      count(ctx, stats -> stats.handshake);
      if (found.equals(PeerIdentity.ANONYMOUS)) {
        count(ctx, stats -> stats.noCertificate);
      }
      ctx.channel().attr(TlsSession.KEY).set(new HandlerSession(handler, records));
      ctx.fireUserEventTriggered(TlsSession.ESTABLISHED);
      if (!records.isWanted()) {
        ctx.pipeline().remove(records);
      }
    } catch (PeerRefusedException e) { // the check has read the same names: cannot be
      failed(ctx, String.valueOf(e.getMessage()));
      ctx.close();
    }
  }

  private static void count(
      ChannelHandlerContext ctx, Function<TlsStats, @Nullable LongAdder> which) {
    TlsStats stats = ctx.channel().attr(TlsTermination.COUNTED_BY).get();
    LongAdder counter = stats == null ? null : which.apply(stats);
    if (counter != null) {
      counter.increment();
    }
  }

  private PeerIdentity identity() throws PeerRefusedException {
    Certificate[] chain;
    try {
      chain = handler.engine().getSession().getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) { // it sent none, or was not asked
      return PeerIdentity.ANONYMOUS;
    }
    PeerNames names = PeerNames.of((X509Certificate) chain[0]);
    return new PeerIdentity(names.uris(), names.dnsNames(), names.subject(), context.checksPeers());
  }

  private void failed(ChannelHandlerContext ctx, String why) {
    failed = true;
    ctx.channel().attr(TlsTermination.FAILURE).set(why);
    log.debug("{}: {}", ctx.channel(), why);
  }

  /** The TLS handler has closed the channel and has told why. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!failed) {
      ctx.fireExceptionCaught(cause);
    }
  }
}
