package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.Attempts;
import io.zoneproxy.core.relay.Attempts.Attempt;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HeldHello;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.route.FilterChain;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint is dialed, and after a failure another. The dial has succeeded once the kernel takes
 * the ClientHello's first bytes: no other call is needed to know. What the downstream sends
 * meanwhile waits in the kernel. Owns the ClientHello, and the socket while it dials.
 */
final class Dialing implements Phase {
  private final EpollConnection connection;
  private final Attempts attempts;
  private final HeldHello hello;
  private final Duration idleTimeout;
  private final Relaying relaying;
  private @Nullable Attempt attempt;
  private @Nullable Half socket;
  private @Nullable ByteBuf unsent;
  private long deadline;

  Dialing(EpollConnection connection, FilterChain.Passthrough chain, HeldHello hello) {
    RelayConfig config = connection.context().relay();
    this.connection = connection;
    this.hello = hello;
    this.attempts = new Attempts(chain, config, connection.book());
    this.idleTimeout = chain.options().idleTimeout().orElse(config.idleTimeout());
    this.relaying = new Relaying(connection, this);
  }

  /** Dials the first endpoint. */
  void start() {
    connection.enter(this, connection.shared().opening());
    dialNext();
  }

  /** Whether the endpoint was sent nothing but the ClientHello: early data must not go twice. */
  boolean isOnlyHello() {
    return hello.isOnlyHello();
  }

  /** How long the relaying may be silent; zero = for ever. */
  Duration idleTimeout() {
    return idleTimeout;
  }

  /** Whether another endpoint could be tried. */
  boolean hasNext() {
    return attempts.hasNext();
  }

  /** Dials another endpoint in place of one that left before its first byte. */
  void retry() {
    connection.book().leave();
    start();
  }

  private void dialNext() {
    hangUp();
    for (Attempt next = attempts.next(); next != null; next = attempts.next()) {
      attempt = next;
      if (dial(next)) {
        return;
      }
    }
    if (attempts.reason() == CloseReason.NO_ENDPOINT) {
      connection.book().noneHealthy();
    }
    // A reset, so that callers which try again do so at once.
    connection.end(attempts.reason(), attempts.detail(), End.RESET);
  }

  private boolean dial(Attempt to) {
    try {
      Half dialed = new Half(LinuxSockets.open(to.address()), Side.UPSTREAM, connection);
      socket = dialed;
      connection.dialed(dialed);
      unsent = hello.copy();
      deadline = System.nanoTime() + attempts.timeout().toNanos();
      dialed.connect(to.address());
      dialed.register(connection.shared());
      return true;
    } catch (IOException | ChannelException e) { // the latter when no descriptor is left
      attempts.failed(to, e);
      hangUp();
      return false;
    }
  }

  @Override
  public void onReady(Half half) {
    if (half == socket) {
      greet(half);
    } else if (half.hungUp() && half.broken()) {
      // A FIN alone may be half-closing; it is passed on later. A reset is the end.
      connection.end(CloseReason.DOWNSTREAM_GONE, "reset", End.RESET);
    }
  }

  private void greet(Half dialed) {
    ByteBuf bytes = Objects.requireNonNull(unsent);
    int offered = bytes.readableBytes();
    dialed.send(bytes);
    Exception failure = dialed.failure();
    if (failure != null) {
      attempts.failed(Objects.requireNonNull(attempt), failure);
      dialNext();
    } else if (bytes.readableBytes() < offered || (offered == 0 && dialed.connected())) {
      connected(dialed, bytes);
    }
  }

  private void connected(Half dialed, ByteBuf rest) {
    socket = null; // the connection's now
    unsent = null;
    connection.book().connected(Objects.requireNonNull(attempt));
    connection.book().up(hello.uncounted());
    relaying.start(dialed, rest);
  }

  @Override
  public void onSweep(long now) {
    Attempt pending = attempt;
    if (pending != null && now - deadline >= 0) {
      attempts.timedOut(pending);
      dialNext();
    }
  }

  private void hangUp() {
    Half dialed = socket;
    if (dialed != null) {
      socket = null;
      dialed.close(End.FIN);
    }
    ByteBuf bytes = unsent;
    if (bytes != null) {
      unsent = null;
      bytes.release();
    }
  }

  /** Also called when the connection has relayed for a while, and there is no way back. */
  @Override
  public void close() {
    hangUp();
    hello.release();
  }
}
