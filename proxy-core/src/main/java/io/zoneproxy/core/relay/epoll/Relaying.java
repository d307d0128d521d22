package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.ByteBuf;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.relay.SocketErrors;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes go both ways, until both sides have sent FIN or something ends it. As long as the endpoint
 * has had nothing but the ClientHello and has said nothing, there is a way back to dialing. Owns
 * the two directions.
 */
final class Relaying implements Phase {
  private final EpollConnection connection;
  private final long matchedAt = System.nanoTime();
  private final long maxAgeNanos;
  private final Duration idleTimeout;
  private @Nullable Dialing wayBack;
  private @Nullable Direction up;
  private @Nullable Direction down;
  private boolean moved; // a byte, since the last sweep
  private boolean swept;
  private long quietSince;

  Relaying(EpollConnection connection, Dialing wayBack) {
    this.connection = connection;
    this.wayBack = wayBack;
    this.idleTimeout = wayBack.idleTimeout();
    this.maxAgeNanos = connection.context().relay().drawnMaxAgeNanos();
  }

  /**
   * An endpoint has answered.
   *
   * @param rest of the ClientHello, to be sent; owned by this from now on
   */
  void start(Half upstream, ByteBuf rest) {
    RelayLoop shared = connection.shared();
    Half downstream = connection.downstream();
    Direction upward = new Direction(shared, downstream, upstream, this);
    upward.hold(rest);
    up = upward;
    down = new Direction(shared, upstream, downstream, this);
    moved = true;
    swept = false;
    connection.enter(this, shared.relaying());
    onReady(downstream);
  }

  /** Its own bytes first, so that an answer before a reset is not lost. */
  @Override
  public void onReady(Half half) {
    boolean byDownstream = half.side() == Side.DOWNSTREAM;
    pump(byDownstream ? up() : down());
    if (connection.isIn(this)) {
      pump(byDownstream ? down() : up());
    }
    if (connection.isIn(this)) {
      endIfGone(half, byDownstream ? up() : down());
    }
  }

  /** After its FIN nothing is read from a side any more, so that no read would meet its reset. */
  private void endIfGone(Half half, Direction from) {
    if (half.eof() && !from.holds() && half.broken()) {
      endAfterFin(half.side());
    }
  }

  /**
   * FIN, then a reset by what it was sent after that: it has closed its socket, as whoever ends TLS
   * first does with a last word of the other on its way. Its own bytes are delivered; our sockets
   * are closed the same way.
   */
  private void endAfterFin(Side side) {
    Half other = (side == Side.DOWNSTREAM ? up() : down()).sink();
    other.discard(connection.shared().address(), RelayLoop.BUFFER_BYTES); // nobody wants it
    String detail = side == Side.DOWNSTREAM ? "closed by the downstream" : "closed by the upstream";
    connection.end(CloseReason.DONE, detail, End.FIN);
  }

  private void pump(Direction direction) {
    switch (direction.pump()) {
      case WAITING -> {}
      case EOF -> onEof(direction);
      case SOURCE_FAILED -> onReset(direction.source());
      case SINK_FAILED -> onSinkFailed(direction);
    }
  }

  /** Bytes were read, and are sent next. */
  void moved(Direction direction, int bytes) {
    moved = true;
    Dialing spare = wayBack;
    if (spare != null) {
      wayBack = null; // the endpoint has answered, or has more than a ClientHello
      spare.close();
    }
    if (direction == up) {
      connection.book().up(bytes);
    } else {
      connection.book().down(bytes);
    }
  }

  /** FIN here is FIN there; the other direction goes on. */
  private void onEof(Direction direction) {
    Half sink = direction.sink();
    if (sink.outputShut()) {
      return; // said before
    }
    if (direction == down && hadOnlyHello()) {
      tryAnother(CloseReason.UPSTREAM_CLOSED_EARLY, "FIN before the first byte", End.FIN);
    } else if (direction.source().outputShut()) {
      connection.end(CloseReason.DONE, "", End.FIN); // closing sends the FIN
    } else {
      moved = true;
      sink.shutOutput();
    }
  }

  /** The peer may have said something before it left: an answer that explains why. */
  private void onSinkFailed(Direction direction) {
    Half left = direction.sink();
    String detail = detail(left);
    boolean afterFin = left.resetAfterFin();
    left.retry();
    (direction == up ? down() : up()).pump();
    onReset(left, detail, afterFin);
  }

  private void onReset(Half half) {
    onReset(half, detail(half), half.resetAfterFin());
  }

  private void onReset(Half half, String detail, boolean afterFin) {
    Direction from = half.side() == Side.DOWNSTREAM ? up() : down();
    if (afterFin && !hadOnlyHello()) {
      if (!from.holds() && (half.eof() || !half.readable())) { // else its last bytes come first
        endAfterFin(half.side());
      }
    } else if (half.side() == Side.DOWNSTREAM) {
      // One that has had the upstream's FIN had all: it leaves a last word of TLS unread, no more.
      connection.end(
          half.outputShut() ? CloseReason.DONE : CloseReason.DOWNSTREAM_RESET, detail, End.RESET);
    } else if (hadOnlyHello()) {
      tryAnother(CloseReason.UPSTREAM_RESET, detail, End.RESET);
    } else {
      connection.end(CloseReason.UPSTREAM_RESET, detail, End.RESET);
    }
  }

  private static String detail(Half half) {
    Exception failure = half.failure();
    return failure == null ? "" : SocketErrors.words(failure);
  }

  private boolean hadOnlyHello() {
    Dialing spare = wayBack;
    return spare != null && spare.isOnlyHello();
  }

  private void tryAnother(CloseReason otherwise, String detail, End how) {
    Dialing spare = wayBack;
    if (spare == null || !spare.hasNext()) {
      connection.end(otherwise, detail, how);
      return;
    }
    down().source().close(End.RESET);
    closeDirections();
    spare.retry();
  }

  /** The list of those that relay is gone through every second: a deadline may be missed by two. */
  @Override
  public void onSweep(long now) {
    if (!swept) {
      swept = true;
      up().sink().keepAlive();
    }
    if (moved) {
      moved = false;
      quietSince = now;
    } else if (holds()) {
      retry();
    }
    if (connection.isIn(this)) {
      expire(now);
    }
  }

  /**
   * Bytes wait for a sink that took none for a second. Should the event that it has room ever be
   * missed, the connection would wait for good: one call a second is a cheap insurance.
   */
  private void retry() {
    up().sink().retryWrite();
    down().sink().retryWrite();
    pump(up());
    if (connection.isIn(this)) {
      pump(down());
    }
  }

  private void expire(long now) {
    RelayConfig config = connection.context().relay();
    boolean halfClosed = up().source().eof() || down().source().eof();
    long limit = (halfClosed ? config.halfCloseTimeout() : idleTimeout).toNanos();
    if (maxAgeNanos != 0 && now - matchedAt >= maxAgeNanos) {
      expire(CloseReason.MAX_CONNECTION_TIME);
    } else if (limit != 0 && now - quietSince >= limit) {
      expire(halfClosed ? CloseReason.HALF_CLOSED_TIMEOUT : CloseReason.IDLE);
    }
  }

  /** A FIN would say that what was sent is the whole. */
  private void expire(CloseReason reason) {
    connection.end(reason, "", holds() ? End.RESET : End.FIN);
  }

  private boolean holds() {
    return up().holds() || down().holds();
  }

  private Direction up() {
    return Objects.requireNonNull(up);
  }

  private Direction down() {
    return Objects.requireNonNull(down);
  }

  private void closeDirections() {
    up().close();
    down().close();
  }

  @Override
  public void close() {
    closeDirections();
    Dialing spare = wayBack;
    if (spare != null) {
      wayBack = null;
      spare.close();
    }
  }
}
