package io.zoneproxy.core.forward;

import io.netty.channel.Channel;
import io.zoneproxy.core.forward.request.Peer;
import io.zoneproxy.core.policy.Subject;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import io.zoneproxy.core.route.SniTable;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A downstream's connection: who it is, and what serves its next request. Sidecars keep connections
 * for hours, so each request is decided on by the configuration in force, not by the one that the
 * connection began with. On its event loop.
 */
final class Caller {
  private final HandedOver owner;
  private final Subject subject;
  private final @Nullable InetSocketAddress address;
  private Entrance entrance;
  private Peer peer;
  private @Nullable SniTable seen;
  private boolean outdated;

  Caller(Entrance entrance, HandedOver owner, Subject subject, Channel channel) {
    this.entrance = entrance;
    this.owner = owner;
    this.subject = subject;
    this.address = channel.remoteAddress() instanceof InetSocketAddress at ? at : null;
    this.peer = entrance.peer(subject, address);
  }

  HandedOver owner() {
    return owner;
  }

  /** What serves the next request, when it begins now. */
  HttpChain chain() {
    look();
    return entrance.chain();
  }

  /** Who asks, as that chain sees it. */
  Peer peer() {
    return peer;
  }

  /** Whether the connection is to end with the next answer. */
  boolean leaving() {
    look();
    return outdated || entrance.chain().draining().getAsBoolean();
  }

  private void look() {
    SniTable table = owner.context().table().get();
    if (table == seen) {
      return;
    }
    seen = table;
    Opening opening = Objects.requireNonNull(owner.opening()); // it has matched a chain
    Entrance now = entranceOf(table.match(opening));
    outdated = now == null || !now.tls().equals(entrance.tls());
    if (now != null && !outdated) {
      entrance = now;
      peer = now.peer(subject, address);
    }
  }

  private static @Nullable Entrance entranceOf(FilterChain chain) {
    return chain instanceof FilterChain.Terminate ended
            && ended.handlers() instanceof HttpEngine.Served served
        ? served.entrance()
        : null;
  }
}
