package io.zoneproxy.core.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;

/** The body of one answer on its way, no faster than the client reads. On the event loop. */
final class AnswerWriter {
  /** Netty's default high-water mark: one piece is on its way, the next waits for room. */
  private static final int PIECE_BYTES = 64 * 1024;

  private final ChannelHandlerContext ctx;
  private final Answer answer;
  private final ChannelFutureListener done;
  private final int end;
  private int sent;
  private boolean pumping;
  private boolean over;

  /**
   * Sends nothing yet.
   *
   * @param withBody false for an answer whose body is only announced
   * @param done told when the last byte has left, or cannot
   */
  AnswerWriter(
      ChannelHandlerContext ctx, Answer answer, boolean withBody, ChannelFutureListener done) {
    this.ctx = ctx;
    this.answer = answer;
    this.done = done;
    this.end = withBody ? answer.length() : 0;
  }

  /** Sends what there is room for; to be called again when there is more. */
  void pump() {
    if (pumping || over) {
      return; // a flush below made room, and the loop sees it
    }
    pumping = true;
    while (sent < end && hasRoom()) {
      int bytes = Math.min(PIECE_BYTES, end - sent);
      ctx.write(new DefaultHttpContent(answer.slice(sent, bytes)), ctx.voidPromise());
      sent += bytes;
    }
    pumping = false;
    if (sent == end) {
      over = true;
      ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(done);
    }
  }

  private boolean hasRoom() {
    if (!ctx.channel().isWritable()) {
      ctx.flush();
    }
    return ctx.channel().isWritable();
  }
}
