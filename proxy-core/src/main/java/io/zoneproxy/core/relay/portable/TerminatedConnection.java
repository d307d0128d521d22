package io.zoneproxy.core.relay.portable;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.policy.ConnectionGate;
import io.zoneproxy.core.relay.Attempts;
import io.zoneproxy.core.relay.Attempts.Attempt;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.route.TlsSession;
import org.jspecify.annotations.Nullable;

/**
 * One connection whose TLS has ended here: it is asked for its right, an endpoint is dialed, and
 * what was in the TLS is relayed. The downstream's channel is {@link HandedOver}'s, the upstream's
 * is this one's. On the event loop only.
 */
final class TerminatedConnection extends RelayedPair {
  /** Waits for the end of the handshake. */
  static final class Beginning extends ChannelInboundHandlerAdapter {
    private final TerminatedTcp.Chain chain;
    private final HandedOver downstream;

    Beginning(TerminatedTcp.Chain chain, HandedOver downstream) {
      this.chain = chain;
      this.downstream = downstream;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      downstream.countedBehind(); // what is relayed, not what TLS makes of it
      ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      Transport.relaysTls(ctx.channel());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == TlsSession.ESTABLISHED) {
        TerminatedConnection connection =
            new TerminatedConnection(chain, downstream, (DuplexChannel) ctx.channel());
        ctx.pipeline().replace(this, null, new RelayHandler(connection, Side.DOWNSTREAM));
        connection.start();
      } else if (event == ChannelInputShutdownEvent.INSTANCE) {
        ctx.close(); // nobody shakes hands with half a connection
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }
  }

  private final TerminatedTcp.Chain chain;
  private final HandedOver owner;

  /** What came before an upstream was there: at most what one read brings. Owned by this. */
  private @Nullable CompositeByteBuf early;

  private @Nullable UpstreamConnector connector;
  private boolean over;

  private TerminatedConnection(
      TerminatedTcp.Chain chain, HandedOver owner, DuplexChannel downstream) {
    super(owner.context(), owner.book(), downstream);
    this.chain = chain;
    this.owner = owner;
  }

  /** Reading goes on while an endpoint is dialed, or a downstream that leaves is not noticed. */
  private void start() {
    TlsSession session = downstream.attr(TlsSession.KEY).get();
    if (session != null) {
      session.relays(Transport.MAX_TLS_READ);
      owner.secured(session);
    }
    ConnectionGate.Refusal refusal = owner.refusal();
    if (refusal != null) {
      end(refusal.reason(), refusal.detail(), End.FIN);
      return;
    }
    timer.start(chain.options().idleTimeout().orElse(context.relay().idleTimeout()));
    Attempts attempts = new Attempts(chain.upstreams(), chain.options(), context.relay(), book);
    UpstreamConnector dial =
        new UpstreamConnector(
            downstream.eventLoop(),
            endpoint -> chain.tls().towards(attempts.cluster(), endpoint),
            this::addUpstream,
            attempts,
            this);
    connector = dial;
    dial.next();
  }

  private void addUpstream(Channel channel) {
    Transport.relaysTls(channel);
    channel.pipeline().addLast(new RelayHandler(this, Side.UPSTREAM));
  }

  @Override
  public void onConnected(DuplexChannel channel, Attempt attempt) {
    upstream = channel;
    book.connected(attempt);
    TlsSession session = channel.attr(TlsSession.KEY).get();
    if (session != null) {
      session.relays(Transport.MAX_TLS_READ);
    }
    CompositeByteBuf kept = early;
    if (kept != null) {
      early = null;
      book.up(kept.readableBytes());
      channel.writeAndFlush(kept);
    }
    downstream.config().setAutoRead(channel.isWritable());
    if (eof.contains(Side.DOWNSTREAM)) {
      passFin(Side.DOWNSTREAM);
    }
  }

  @Override
  public void onRead(Side side, ByteBuf bytes) {
    timer.touch();
    DuplexChannel to = channel(side.other());
    if (side == Side.UPSTREAM) {
      if (canBeTold(downstream)) {
        book.down(bytes.readableBytes());
        downstream.write(bytes);
      } else {
        bytes.release();
        end(
            CloseReason.DOWNSTREAM_RESET,
            "ended TLS before the answer's end, the rest of which could not be delivered",
            End.RESET);
      }
    } else if (to == null) {
      downstream.config().setAutoRead(false); // the rest can wait in the kernel
      keep(bytes);
    } else {
      book.up(bytes.readableBytes());
      to.write(bytes);
    }
  }

  private void keep(ByteBuf bytes) {
    CompositeByteBuf kept = early;
    if (kept == null) {
      kept = downstream.alloc().compositeBuffer();
      early = kept;
    }
    kept.addComponent(true, bytes);
  }

  @Override
  public void onEof(Side side) {
    if (eof.add(side)) {
      timer.onHalfClosed();
      if (channel(side.other()) != null) {
        passFin(side);
      }
    }
  }

  @Override
  public void onReset(Side side, String detail) {
    if (side == Side.DOWNSTREAM) {
      boolean complete = outputShut.contains(Side.DOWNSTREAM) || eof.size() == Side.values().length;
      CloseReason relayed = complete ? CloseReason.DONE : CloseReason.DOWNSTREAM_RESET;
      end(upstream == null ? CloseReason.DOWNSTREAM_GONE : relayed, detail, End.RESET);
    } else if (eof.contains(Side.UPSTREAM)) {
      // It has closed its socket, and was sent something after that. Its last bytes are delivered.
      downstream
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(flushed -> end(CloseReason.DONE, "closed by the upstream", End.FIN));
    } else {
      end(CloseReason.UPSTREAM_RESET, detail, End.RESET);
    }
  }

  @Override
  public boolean ended() {
    return over;
  }

  @Override
  void shutOutput(DuplexChannel channel) {
    TlsSession tls = channel.attr(TlsSession.KEY).get();
    if (tls == null) {
      channel.shutdownOutput();
    } else if (tls.outputOpen()) {
      tls.endOutput().addListener(sent -> channel.shutdownOutput());
    }
  }

  /** Whether TLS still lets us; see {@link TlsSession#outputOpen}. */
  private static boolean canBeTold(Channel channel) {
    TlsSession tls = channel.attr(TlsSession.KEY).get();
    return tls == null || tls.outputOpen();
  }

  @Override
  void end(CloseReason reason, String detail, End how) {
    if (over) {
      return;
    }
    over = true;
    timer.stop();
    CompositeByteBuf kept = early;
    if (kept != null) {
      early = null;
      kept.release();
    }
    UpstreamConnector dialing = connector;
    if (dialing != null) {
      dialing.cancel();
    }
    owner.end(reason, detail, how);
    DuplexChannel to = upstream;
    if (to != null) {
      Sockets.close(to, how);
    }
  }
}
