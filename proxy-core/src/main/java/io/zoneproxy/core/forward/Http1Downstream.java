package io.zoneproxy.core.forward;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.core.forward.limit.Alarm;
import io.zoneproxy.core.forward.limit.Limits;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.relay.SocketErrors;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A downstream's connection that speaks HTTP/1.1: one exchange after the other; what was sent ahead
 * waits, at most what one read brought. On its event loop.
 */
final class Http1Downstream extends ChannelInboundHandlerAdapter
    implements Downstream, Alarm.Watched {
  private final Caller caller;
  private final HandedOver owner;
  private final Deque<HttpObject> ahead = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Exchange exchange;
  private @Nullable HttpRequest bodiless; // a head without a body, whose end is awaited
  private @Nullable Alarm alarm;
  private long closeNanos = Alarm.NEVER; // when the connection ends, if nothing comes
  private boolean heading; // part of a head has come
  private boolean keepAlive;
  private boolean toHead; // the request is HEAD
  private boolean whole; // the request is
  private boolean answered; // the response is
  private boolean ending;

  Http1Downstream(Caller caller) {
    this.caller = caller;
    this.owner = caller.owner();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    Alarm set = new Alarm(ctx.channel().eventLoop());
    set.add(this);
    alarm = set;
    awaitRequest();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    HttpObject part = (HttpObject) message;
    if (ending) {
      ReferenceCountUtil.release(part);
    } else if (whole || !ahead.isEmpty()) {
      ahead.add(part);
      channel().config().setAutoRead(false);
    } else {
      take(part);
    }
  }

  private void take(HttpObject part) {
    if (part instanceof HttpRequest head) {
      if (isBodiless(head)) {
        bodiless = head; // its end comes at once
      } else {
        begin(head, false);
      }
      return;
    }
    HttpContent content = (HttpContent) part;
    whole |= content instanceof LastHttpContent;
    HttpRequest head = bodiless;
    if (head != null) {
      bodiless = null;
      content.release();
      begin(head, true);
    } else if (exchange != null) {
      exchange.onPart(content);
    } else {
      content.release();
    }
    maybeNext();
  }

  private static boolean isBodiless(HttpRequest head) {
    return head.decoderResult().isSuccess()
        && !head.headers().contains(HttpHeaderNames.CONTENT_LENGTH)
        && !head.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
  }

  private void begin(HttpRequest head, boolean all) {
    heading = false;
    closeNanos = Alarm.NEVER;
    whole = all;
    answered = false;
    keepAlive = HttpUtil.isKeepAlive(head) && !head.decoderResult().isFailure();
    toHead = head.method().equals(HttpMethod.HEAD);
    Exchange begun = new Exchange(caller.chain(), this, head, caller.peer());
    exchange = begun;
    begun.begin(all);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Exchange now = exchange;
    if (now != null) {
      now.onRequestReadComplete();
    } else if (!heading && !ending) {
      heading = true; // something came that is no whole head
      closeAfter(caller.chain().spec().timeouts().requestHeaders().orElse(Limits.HEAD));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Exchange now = exchange;
    if (now != null) {
      now.onDownstreamWritability();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == HttpEngine.DRAIN && exchange == null && !heading && !ending) {
      caller.chain().stats().connections.drainClose.increment();
      end();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    alarm().close();
    ending = true;
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
    Exchange now = exchange;
    if (now != null) {
      exchange = null;
      now.onDownstreamGone();
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The peer's doing, and it must not wait for an answer that cannot come.
    owner.end(CloseReason.DOWNSTREAM_RESET, SocketErrors.words(cause), End.RESET);
  }

  // ---- what the exchange says

  private ChannelHandlerContext open() {
    return Objects.requireNonNull(context);
  }

  private Channel channel() {
    return open().channel();
  }

  @Override
  public EventLoop loop() {
    return channel().eventLoop();
  }

  @Override
  public HandedOver owner() {
    return owner;
  }

  @Override
  public boolean http2() {
    return false;
  }

  @Override
  public Alarm alarm() {
    return Objects.requireNonNull(alarm);
  }

  @Override
  public void write(HttpObject part) {
    if (part instanceof HttpResponse head
        && head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      finishHead(head);
    }
    open().write(part, open().voidPromise());
  }

  /** Says how long it is, and whether the connection goes on. */
  private void finishHead(HttpResponse head) {
    if (caller.leaving() || !isRequestWhole() || !HttpUtil.isKeepAlive(head)) {
      keepAlive = false;
    }
    if (!HttpUtil.isContentLengthSet(head) && mayHaveBody(head.status())) {
      HttpUtil.setTransferEncodingChunked(head, true);
    }
    if (!keepAlive) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  /** A response before the end of its request may be the last one: the rest is not read on. */
  private boolean isRequestWhole() {
    Exchange now = exchange;
    return now != null && now.isWhole();
  }

  private boolean mayHaveBody(HttpResponseStatus status) {
    return !toHead
        && !status.equals(HttpResponseStatus.NO_CONTENT)
        && !status.equals(HttpResponseStatus.NOT_MODIFIED);
  }

  @Override
  public void flush() {
    open().flush();
  }

  @Override
  public boolean isWritable() {
    return channel().isWritable();
  }

  @Override
  public void read(boolean wanted) {
    if (!ending) {
      channel().config().setAutoRead(wanted && ahead.isEmpty());
    }
  }

  @Override
  public void onAnswered() {
    answered = true;
    if (!keepAlive) {
      end();
    } else {
      maybeNext();
    }
  }

  @Override
  public void reset() {
    boolean left = exchange == null; // nobody is there any more that it could be completed for
    exchange = null;
    ending = true;
    owner.end(
        left ? CloseReason.DOWNSTREAM_RESET : CloseReason.UPSTREAM_RESET,
        left ? "left before the end of a response" : "a response could not be completed",
        End.RESET);
  }

  // ---- from one exchange to the next

  private void maybeNext() {
    if (ending || !answered || !whole || exchange == null) {
      return;
    }
    exchange = null;
    whole = false;
    answered = false;
    awaitRequest();
    HttpObject next = ahead.poll();
    while (next != null) {
      take(next); // may come back here, and leave nothing
      next = whole || ending ? null : ahead.poll();
    }
    Exchange begun = exchange;
    if (begun != null) {
      begun.onRequestReadComplete(); // no reading ends here that would tell it
    }
    if (ahead.isEmpty() && !ending) {
      channel().config().setAutoRead(true);
    }
  }

  private void awaitRequest() {
    heading = false;
    closeAfter(caller.chain().spec().timeouts().idle().orElse(Limits.IDLE));
  }

  /** Ends the connection when what was written has gone out, and the downstream could read it. */
  private void end() {
    if (ending) {
      return;
    }
    ending = true;
    exchange = null;
    ahead.forEach(ReferenceCountUtil::release);
    ahead.clear();
    channel().config().setAutoRead(true); // what still comes is dropped
    boolean mayBeRead = whole || !answered;
    open()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            (ChannelFutureListener)
                sent -> {
                  if (mayBeRead) {
                    owner.end(CloseReason.DONE, "", End.FIN);
                  } else {
                    closeAfter(Limits.LINGER); // closing now would reset what was not read yet
                  }
                });
  }

  /**
   * @param limit zero = never
   */
  private void closeAfter(Duration limit) {
    closeNanos = limit.isZero() ? Alarm.NEVER : System.nanoTime() + limit.toNanos();
    alarm().expect(closeNanos);
  }

  @Override
  public long nextNanos() {
    return closeNanos;
  }

  @Override
  public void look(long nowNanos) {
    if (closeNanos != Alarm.NEVER && nowNanos - closeNanos >= 0) {
      closeNanos = Alarm.NEVER;
      onLate();
    }
  }

  private void onLate() {
    if (ending) {
      owner.end(CloseReason.DONE, "", End.FIN);
    } else {
      (heading
              ? caller.chain().stats().requests.headerTimeout
              : caller.chain().stats().connections.idleTimeout)
          .increment();
      owner.end(CloseReason.IDLE, "", End.FIN);
    }
  }
}
