package io.zoneproxy.core.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
  private final boolean halfClose;
  private @Nullable Future<?> deadline;
  private @Nullable AnswerWriter sending;
  private final Deque<FullHttpRequest> waiting = new ArrayDeque<>(); // came in one turn of reading
  private boolean begun;
  private boolean answered; // something, since it was opened
  private boolean awaiting;
  private boolean ending;

  HttpExchange(HttpPipeline pipeline) {
    this.service = pipeline.service();
    this.connections = pipeline.connections();
    this.limits = pipeline.limits();
    this.halfClose = pipeline.halfClose();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      begin(ctx);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    begin(ctx);
  }

  private void begin(ChannelHandlerContext ctx) {
    if (begun) {
      return;
    }
    begun = true;
    connections.opened(ctx.channel());
    closeAfter(ctx, limits.idle().toMillis());
    readNext(ctx);
  }

  private void readNext(ChannelHandlerContext ctx) {
    awaiting = true;
    FullHttpRequest next = waiting.poll();
    if (next == null) {
      ctx.read();
      return;
    }
    try {
      take(ctx, next);
    } finally {
      next.release();
    }
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
    dropWaiting();
  }

  private void dropWaiting() {
    waiting.forEach(FullHttpRequest::release);
    waiting.clear();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (ending) {
      return; // behind a request that ended the connection
    }
    ctx.channel().config().setAutoRead(false); // whoever gave us the channel may have set it
    if (awaiting) {
      take(ctx, request);
    } else {
      waiting.add(request.retain());
    }
  }

  private void take(ChannelHandlerContext ctx, FullHttpRequest request) {
    awaiting = false;
    connections.used(ctx.channel());
    closeAfter(ctx, limits.idle().toMillis());
    DecoderResult decoded = request.decoderResult();
    if (!decoded.isSuccess()) {
      send(ctx, refusal(decoded.cause()), false, true);
      return;
    }
    if (!HostCheck.passes(request)) {
      Answer refusal = Answer.text(Answer.BAD_REQUEST, HostCheck.EXPECTED);
      send(ctx, refusal, false, !request.method().equals(HttpMethod.HEAD));
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    boolean withBody = !request.method().equals(HttpMethod.HEAD);
    ask(new Request(request.method(), request.uri(), request.headers()))
        .whenComplete(
            (answer, failure) ->
                onLoop(
                    ctx,
                    () -> send(ctx, failure == null ? answer : internal(), keepAlive, withBody)));
  }

  private CompletionStage<Answer> ask(Request request) {
    CompletionStage<Answer> answer;
    try {
      answer = service.answer(request);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    return answer.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            // Whatever an endpoint does wrong, the port and the loop's other channels go on.
            log.error("{} {}: failed", request.method(), request.uri(), failure);
          }
        });
  }

  private static void onLoop(ChannelHandlerContext ctx, Runnable step) {
    if (ctx.executor().inEventLoop()) {
      step.run();
    } else {
      ctx.executor().execute(step);
    }
  }

  private static Answer internal() {
    return Answer.text(
        HttpResponseStatus.INTERNAL_SERVER_ERROR.code(), "internal error, see the log\n");
  }

  private static Answer refusal(Throwable cause) {
    HttpResponseStatus status = HttpResponseStatus.BAD_REQUEST;
    if (cause instanceof TooLongHttpLineException) {
      status = HttpResponseStatus.REQUEST_URI_TOO_LONG;
    } else if (cause instanceof TooLongHttpHeaderException) {
      status = HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
    } else if (cause instanceof TooLongHttpContentException) {
      status = HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
    }
    return Answer.text(status.code(), status.reasonPhrase() + '\n');
  }

  /** Between two requests it ends now; a client that has not asked yet has an answer to come. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == HttpConnections.DRAIN && awaiting && answered && !ending) {
      awaiting = false;
      ending = true;
      end(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  private void send(ChannelHandlerContext ctx, Answer answer, boolean wanted, boolean withBody) {
    if (!ctx.channel().isActive()) {
      return; // it left while the answer was made
    }
    answered = true;
    boolean keepAlive = wanted && !connections.draining();
    if (!keepAlive) {
      ending = true;
      dropWaiting();
    }
    boolean noContent = answer.status() == HttpResponseStatus.NOT_MODIFIED.code();
    ctx.write(head(answer, keepAlive, noContent), ctx.voidPromise());
    sending =
        new AnswerWriter(ctx, answer, withBody && !noContent, sent -> sent(ctx, sent, keepAlive));
    sending.pump();
  }

  private void sent(ChannelHandlerContext ctx, ChannelFuture sent, boolean keepAlive) {
    sending = null;
    if (!sent.isSuccess()) {
      ctx.close();
    } else if (keepAlive) {
      readNext(ctx);
    } else {
      end(ctx);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (sending != null) {
      sending.pump();
    }
  }

  private static HttpResponse head(Answer answer, boolean keepAlive, boolean noContent) {
    HttpResponse head =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), answer.headers());
    head.headers().set(HttpHeaderNames.DATE, DATE.format(Instant.now()));
    if (!noContent) {
      head.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.length());
    }
    // Said outright both ways: a client of HTTP/1.0 takes silence for "close".
    head.headers().set(HttpHeaderNames.CONNECTION, keepAlive ? "keep-alive" : "close");
    return head;
  }

  /**
   * Ends the connection from our side. What the client still sends is read and dropped for a
   * moment: closing at once would reset it, and take the answer from a client that has not read it.
   */
  private void end(ChannelHandlerContext ctx) {
    closeAfter(ctx, limits.linger().toMillis());
    if (halfClose && ctx.channel() instanceof DuplexChannel duplex) {
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
