package io.zoneproxy.core.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpContentException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: a request is answered before the next one is read, so pipelined ones are answered
 * in order and a client that does not read its answers gets no more of them.
 */
final class HttpExchange extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger log = LoggerFactory.getLogger(HttpExchange.class);

  /** HTTP's form of a date; the JDK's RFC 1123 one has a day of one digit. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  private final HttpService service;
  private final HttpConnections connections;
  private final HttpLimits limits;
  private @Nullable Future<?> deadline;
  private boolean awaiting;
  private boolean ending;

  HttpExchange(HttpService service, HttpConnections connections, HttpLimits limits) {
    this.service = service;
    this.connections = connections;
    this.limits = limits;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connections.opened(ctx.channel());
    closeAfter(ctx, limits.idle().toMillis());
    readNext(ctx);
  }

  private void readNext(ChannelHandlerContext ctx) {
    awaiting = true;
    ctx.read();
  }

  /** A turn of reading that brought no whole request used up our wish for one: wish again. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (awaiting) {
      ctx.read();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    connections.closed(ctx.channel());
    cancelDeadline();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    awaiting = false;
    if (ending) {
      return; // behind a request that ended the connection
    }
    connections.used(ctx.channel());
    closeAfter(ctx, limits.idle().toMillis());
    DecoderResult decoded = request.decoderResult();
    boolean keepAlive = decoded.isSuccess() && HttpUtil.isKeepAlive(request);
    AdminResponse response = decoded.isSuccess() ? answer(request) : refusal(decoded.cause());
    send(ctx, response, keepAlive);
  }

  private AdminResponse answer(FullHttpRequest request) {
    try {
      return service.answer(request);
    } catch (RuntimeException e) {
      // Whatever an endpoint does wrong, the port and the loop's other channels go on.
      log.error("{} {}: failed", request.method(), request.uri(), e);
      return AdminResponse.text(
          HttpResponseStatus.INTERNAL_SERVER_ERROR.code(), "internal error, see the log\n");
    }
  }

  private static AdminResponse refusal(Throwable cause) {
    HttpResponseStatus status = HttpResponseStatus.BAD_REQUEST;
    if (cause instanceof TooLongHttpLineException) {
      status = HttpResponseStatus.REQUEST_URI_TOO_LONG;
    } else if (cause instanceof TooLongHttpHeaderException) {
      status = HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
    } else if (cause instanceof TooLongHttpContentException) {
      status = HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
    }
    return AdminResponse.text(status.code(), status.reasonPhrase() + '\n');
  }

  private void send(ChannelHandlerContext ctx, AdminResponse response, boolean keepAlive) {
    ending = !keepAlive;
    ctx.writeAndFlush(encode(ctx, response, keepAlive))
        .addListener(
            (ChannelFutureListener)
                sent -> {
                  if (!sent.isSuccess()) {
                    ctx.close();
                  } else if (keepAlive) {
                    readNext(ctx);
                  } else {
                    end(ctx);
                  }
                });
  }

  private static FullHttpResponse encode(
      ChannelHandlerContext ctx, AdminResponse response, boolean keepAlive) {
    ByteBuf body = ctx.alloc().buffer(ByteBufUtil.utf8Bytes(response.body()));
    ByteBufUtil.writeUtf8(body, response.body());
    FullHttpResponse http =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), body);
    http.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, max-age=0")
        .set("x-content-type-options", "nosniff")
        .set(HttpHeaderNames.DATE, DATE.format(Instant.now()))
        .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    response.headers().forEach((name, value) -> http.headers().set(name, value));
    // Said outright both ways: a client of HTTP/1.0 takes silence for "close".
    http.headers().set(HttpHeaderNames.CONNECTION, keepAlive ? "keep-alive" : "close");
    return http;
  }

  /**
   * Ends the connection from our side. What the client still sends is read and dropped for a
   * moment: closing at once would reset it, and take the answer from a client that has not read it.
   */
  private void end(ChannelHandlerContext ctx) {
    closeAfter(ctx, limits.linger().toMillis());
    if (ctx.channel() instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
      ctx.channel().config().setAutoRead(true);
    } else {
      ctx.close();
    }
  }

  private void closeAfter(ChannelHandlerContext ctx, long millis) {
    cancelDeadline();
    deadline = ctx.executor().schedule(() -> ctx.close(), millis, TimeUnit.MILLISECONDS);
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The peer's doing: it has reset, or sent more requests at once than the codec keeps in mind.
    if (cause instanceof IOException || cause instanceof DecoderException) {
      log.debug("{}: {}", ctx.channel(), cause.toString());
    } else {
      log.error("{}: closed", ctx.channel(), cause);
    }
    ctx.close();
  }
}
