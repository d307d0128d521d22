package io.zoneproxy.core.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.util.AttributeKey;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.TlsFacts;
import io.zoneproxy.core.policy.ConnectionGate;
import io.zoneproxy.core.policy.Subject;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import io.zoneproxy.core.route.PeerIdentity;
import io.zoneproxy.core.route.TlsSession;
import io.zoneproxy.core.route.TlsTermination;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The downstream of a {@link FilterChain.Terminate} chain: other handlers serve its channel, and
 * this one, nearest to the socket, keeps the book until it closes. Owns the channel.
 */
public final class HandedOver extends ChannelDuplexHandler implements LiveConnection {
  /** Where a channel has it, for the handlers behind. */
  public static final AttributeKey<HandedOver> KEY = AttributeKey.valueOf(HandedOver.class, "KEY");

  private final ListenerContext context;
  private final ConnectionBook book;
  private final Channel channel;
  private final boolean own;
  private final AtomicBoolean cut = new AtomicBoolean();
  private volatile @Nullable Subject subject; // read by any thread
  private boolean counts = true;
  private CloseReason reason = CloseReason.DONE; // on the event loop
  private String detail = "";

  private HandedOver(ListenerContext context, ConnectionBook book, Channel channel, boolean own) {
    this.context = context;
    this.book = book;
    this.channel = channel;
    this.own = own;
  }

  /**
   * Takes the place of a connection among the live ones, before that one leaves them: an update in
   * between finds one of the two.
   *
   * @param book of the connection, which was admitted
   * @param channel owned by this from now on
   * @param chain that it matched
   */
  public static HandedOver enter(
      ListenerContext context, ConnectionBook book, Channel channel, FilterChain.Terminate chain) {
    HandedOver entered = new HandedOver(context, book, channel, chain.own());
    context.live().add(entered);
    return entered;
  }

  /**
   * Puts the handlers in; the channel has read nothing before, and is registered unless that
   * failed. On its event loop.
   *
   * @param received what the downstream has sent so far, read as if it came now; owned by this
   */
  public void begin(FilterChain.Terminate chain, ByteBuf received) {
    if (!channel.isActive()) { // it was reset meanwhile, and Netty will not say so
      received.release();
      end(CloseReason.DOWNSTREAM_RESET, "before it was handed over", End.RESET);
      return;
    }
    try {
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false); // unless they want it
      channel.attr(TlsTermination.COUNTED_BY).set(context.stats().tls);
      channel.attr(KEY).set(this);
      channel.pipeline().addLast(this);
      chain.handlers().accept(channel);
    } catch (Throwable e) { // another module's code: its mistake must not cost a socket
      received.release();
      Mishap mishap = Mishap.of(listener(), e);
      end(mishap.reason(), mishap.detail(), End.RESET);
      return;
    }
    if (received.isReadable()) {
      channel.pipeline().fireChannelRead(received).fireChannelReadComplete();
    } else {
      received.release(); // nothing was peeked at
    }
    channel.config().setAutoRead(true);
  }

  /** What its listener's connections share. */
  public ListenerContext context() {
    return context;
  }

  /** What is noted of it. */
  public ConnectionBook book() {
    return book;
  }

  /** Our end of it; null when it has none. */
  public @Nullable SocketAddress local() {
    return channel.localAddress();
  }

  /** Its bytes are counted by the handlers behind, as they were before TLS. */
  public void countedBehind() {
    counts = false;
  }

  /** Its handshake is done. */
  public void secured(TlsSession session) {
    PeerIdentity peer = peer();
    book.secured(
        new TlsFacts(
            session.version(), session.cipher(), peer.uris(), peer.dnsNames(), peer.subject()));
  }

  private PeerIdentity peer() {
    PeerIdentity peer = channel.attr(PeerIdentity.KEY).get();
    return peer == null ? PeerIdentity.ANONYMOUS : peer;
  }

  /**
   * Asks whether it may pass, once its handshake is done. It is asked of the permissions in force,
   * which may be newer than its chain: a right taken back does not live on in a slow handshake. On
   * the event loop.
   *
   * @return null when it may
   */
  public ConnectionGate.@Nullable Refusal refusal() {
    Opening opening = book.opening();
    if (opening == null) {
      throw new IllegalStateException("asked before a chain was matched");
    }
    ConnectionGate pinned = book.chain().gate();
    Subject asking = new Subject(book.source(), opening.serverName(), pinned.port(), identity());
    subject = asking; // before the table is asked: an update in between finds one of the two
    FilterChain now = context.table().get().match(opening);
    ConnectionGate gate = now instanceof FilterChain.Terminate ? now.gate() : pinned;
    return gate.refusal(asking, context.stats());
  }

  /** Only what was checked counts. */
  private Subject.@Nullable Identity identity() {
    PeerIdentity peer = peer();
    return !peer.verified()
        ? null
        : new Subject.Identity(peer.uris(), peer.dnsNames(), peer.subject());
  }

  @Override
  public @Nullable Subject subject() {
    return subject;
  }

  /** Ends it; only the first reason counts. On the event loop. */
  public void end(CloseReason reason, String detail, End how) {
    leave(reason, detail);
    if (how == End.RESET) {
      reset();
    } else {
      channel.close();
    }
  }

  @Override
  public String listener() {
    return context.listener();
  }

  @Override
  public @Nullable Opening opening() {
    return book.opening();
  }

  @Override
  public boolean own() {
    return own;
  }

  @Override
  public boolean cut(CloseReason reason) {
    boolean first = cut.compareAndSet(false, true);
    if (first) {
      channel.eventLoop().execute(() -> end(reason, "", End.RESET));
    }
    return first;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (counts) {
      book.up(((ByteBuf) message).readableBytes());
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (counts && message instanceof ByteBuf bytes) {
      book.down(bytes.readableBytes());
    }
    ctx.write(message, promise);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      reason = CloseReason.DOWNSTREAM_RESET; // told when the others have heard that it is over
      detail = String.valueOf(cause.getMessage());
      reset();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  /** The others hear of it first: whoever leaves in a handshake makes it fail, and they say how. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ctx.fireChannelInactive();
    leave(reason, detail);
  }

  private void reset() {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0); // RST: it was not the whole
    }
    // Not through the pipeline: TLS would say a last word, and the peer take it for the end.
    channel.unsafe().close(channel.newPromise());
  }

  private void leave(CloseReason reason, String detail) {
    if (book.ended()) {
      return;
    }
    String failure = channel.attr(TlsTermination.FAILURE).get();
    if (failure != null && reason != CloseReason.INTERNAL) {
      book.end(CloseReason.TLS_FAILED, failure, this::giveBack);
    } else {
      book.end(reason, detail, this::giveBack);
    }
  }

  private void giveBack() {
    context.live().remove(this);
    context.admission().release();
  }
}
