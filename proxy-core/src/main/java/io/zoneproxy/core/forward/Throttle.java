package io.zoneproxy.core.forward;

import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Delivers a response slowly, for a fault on purpose: some bytes every 50 ms, as Envoy does. It
 * holds what one read brought, for reading waits until that is delivered. On the event loop.
 */
final class Throttle {
  private static final int TICK_MILLIS = 50;
  private static final int TICKS_PER_SECOND = 1_000 / TICK_MILLIS;

  private record Piece(HttpContent content, Runnable delivered) {}

  private final Downstream downstream;
  private final int perTick;
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private @Nullable Future<?> tick;

  /**
   * @param bytesPerSecond at least 1
   */
  Throttle(Downstream downstream, long bytesPerSecond) {
    this.downstream = downstream;
    this.perTick =
        (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytesPerSecond / TICKS_PER_SECOND));
  }

  /**
   * Takes a part of the response.
   *
   * @param delivered run when all of it has gone on
   */
  void write(HttpContent part, Runnable delivered) {
    pieces.add(new Piece(part, delivered));
    if (tick == null) {
      deliver();
    }
  }

  /** Drops what is left. */
  void stop() {
    Future<?> pending = tick;
    if (pending != null) {
      tick = null;
      pending.cancel(false);
    }
    pieces.forEach(piece -> piece.content().release());
    pieces.clear();
  }

  private void deliver() {
    tick = null;
    int allowed = perTick;
    Piece piece = pieces.peek();
    while (piece != null) {
      int size = piece.content().content().readableBytes();
      if (size > allowed) {
        if (allowed > 0) {
          downstream.write(
              new DefaultHttpContent(piece.content().content().readRetainedSlice(allowed)));
        }
        tick = downstream.loop().schedule(this::deliver, TICK_MILLIS, TimeUnit.MILLISECONDS);
        break;
      }
      allowed -= size;
      pieces.remove();
      downstream.write(piece.content());
      piece.delivered().run(); // may stop this
      piece = pieces.peek();
    }
    downstream.flush();
  }
}
