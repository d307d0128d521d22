package io.zoneproxy.cp.bootstrap;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.Serial;

/**
 * Stands behind the decoder, which makes an answer out of anything: what it could not read ends the
 * exchange with words. Nothing comes after that. On the event loop.
 */
final class AnswerCheck extends ChannelInboundHandlerAdapter {
  private static final int MOST_SHOWN = 80; // characters of what came: a banner fits

  private boolean broken;

  /** Whoever answers speaks something else; the message says what. */
  static final class NoHttpException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    NoHttpException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!broken && message instanceof HttpObject part && part.decoderResult().isFailure()) {
      broken = true;
      ctx.fireExceptionCaught(noHttp(part.decoderResult().cause()));
    }
    if (broken) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  /** What the decoder trips over afterwards is of no interest. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!broken) {
      ctx.fireExceptionCaught(cause);
    }
  }

  private static NoHttpException noHttp(Throwable cause) {
    if (cause instanceof TooLongHttpHeaderException) {
      return new NoHttpException("headers of more than 8192 bytes", cause); // the decoder's limit
    }
    String text = String.valueOf(cause.getMessage());
    return new NoHttpException(
        text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text, cause);
  }
}
