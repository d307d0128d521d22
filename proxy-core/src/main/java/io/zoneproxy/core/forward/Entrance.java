package io.zoneproxy.core.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.zoneproxy.core.forward.request.Peer;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.observe.request.HttpConnectionStats;
import io.zoneproxy.core.policy.ConnectionGate;
import io.zoneproxy.core.policy.Subject;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.route.TlsSession;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the connections of a chain come in: when TLS has ended, who may not pass is turned away,
 * and for the others the version of HTTP is found. Any thread.
 *
 * @param states what is noted of them
 * @param chain serves them
 * @param tls how TLS ends before; empty when there is none
 */
record Entrance(FilterStates states, HttpChain chain, Optional<ServerTls> tls) {

  /** Puts the handlers into the pipeline of a fresh downstream. */
  void install(Channel channel) {
    HandedOver owner = Objects.requireNonNull(channel.attr(HandedOver.KEY).get());
    owner.countedBehind(); // what is in the TLS, not what TLS makes of it
    chain.connections().add(channel);
    ConnectionTally.begin(channel, chain.stats(), tls.isPresent());
    channel.pipeline().addLast(new Arriving(this, owner, chain.stats().connections));
    if (tls.isEmpty()) {
      enter(channel, owner);
    }
  }

  private void enter(Channel channel, HandedOver owner) {
    TlsSession session = channel.attr(TlsSession.KEY).get();
    if (session != null) {
      owner.secured(session);
    }
    ConnectionGate.Refusal refusal = owner.refusal();
    if (refusal != null) {
      owner.end(refusal.reason(), refusal.detail(), End.FIN);
      return;
    }
    Subject subject = Objects.requireNonNull(owner.subject()); // whoever was asked about is known
    channel.pipeline().addLast(new VersionChoice(new Caller(this, owner, subject, channel)));
  }

  /** Who asks, with what the chain's filters note of it. */
  Peer peer(Subject subject, @Nullable InetSocketAddress address) {
    Subject.Identity identity = subject.identity();
    String uris = identity == null ? "" : String.join(",", identity.uris());
    return new Peer(subject, address, states.note(uris, subject.serverName()), tls.isPresent());
  }

  /** Waits for the end of the handshake, and counts bytes. */
  private static final class Arriving extends ChannelDuplexHandler {
    private final Entrance entrance;
    private final HandedOver owner;
    private final HttpConnectionStats stats;

    Arriving(Entrance entrance, HandedOver owner, HttpConnectionStats stats) {
      this.entrance = entrance;
      this.owner = owner;
      this.stats = stats;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == TlsSession.ESTABLISHED) {
        entrance.enter(ctx.channel(), owner);
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof ByteBuf bytes) {
        owner.book().up(bytes.readableBytes());
        stats.rxBytes.add(bytes.readableBytes());
      }
      ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (message instanceof ByteBuf bytes) {
        owner.book().down(bytes.readableBytes());
        stats.txBytes.add(bytes.readableBytes());
      }
      ctx.write(message, promise);
    }
  }
}
