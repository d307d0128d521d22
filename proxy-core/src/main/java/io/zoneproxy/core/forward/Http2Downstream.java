package io.zoneproxy.core.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.core.forward.codec.HeldParts;
import io.zoneproxy.core.forward.limit.Alarm;
import io.zoneproxy.core.forward.limit.Limits;
import io.zoneproxy.core.relay.HandedOver;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream of a downstream that speaks HTTP/2, and its exchange. On its event loop. */
final class Http2Downstream implements Downstream {
  private static final int FIRST_FINAL = 200; // status below are interim (RFC 9110 §15.2)

  private final Caller caller;
  private final Http2Connections connection;
  private final Http2Stream stream;
  private final long beganNanos = System.nanoTime();

  private final HeldParts held = new HeldParts();

  private @Nullable Exchange exchange;
  private boolean reading = true;
  private boolean delivering;
  private boolean responded; // the last part of it is with the codec
  private boolean closed;
  private boolean readAnew; // since the last end of reading
  private @Nullable HttpResponse begun; // a head of which more may follow
  private long dropped; // bytes of a request that was answered before its end
  private boolean refused; // the rest of it

  Http2Downstream(Caller caller, Http2Connections connection, Http2Stream stream) {
    this.caller = caller;
    this.connection = connection;
    this.stream = stream;
  }

  // ---- what the codec says

  void onHead(Http2Headers headers, boolean bodiless) throws Http2Exception {
    HttpRequest head = request(headers);
    if (!bodiless && !HttpUtil.isContentLengthSet(head)) {
      head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    if (caller.leaving()) {
      connection.drain();
    }
    Exchange fresh = new Exchange(caller.chain(), this, head, caller.peer());
    exchange = fresh;
    fresh.begin(bodiless);
  }

  private HttpRequest request(Http2Headers headers) throws Http2Exception {
    try {
      return HttpConversionUtil.toHttpRequest(stream.id(), headers, true);
    } catch (IllegalArgumentException e) { // its method or its path cannot be one
      throw Http2Exception.streamError(
          stream.id(), Http2Error.PROTOCOL_ERROR, e, String.valueOf(e.getMessage()));
    }
  }

  void onTrailers(Http2Headers headers) throws Http2Exception {
    LastHttpContent last = new DefaultLastHttpContent();
    HttpConversionUtil.addHttp2ToHttpHeaders(
        stream.id(), headers, last.trailingHeaders(), HttpVersion.HTTP_1_1, true, true);
    onPart(last, 0);
  }

  /**
   * A part of the request's body.
   *
   * @param data owned by this
   * @param windowBytes what it took of the window
   * @return how much of that is free again
   */
  int onData(ByteBuf data, int windowBytes, boolean end) {
    return onPart(
        end ? new DefaultLastHttpContent(data) : new DefaultHttpContent(data), windowBytes);
  }

  private int onPart(HttpContent part, int windowBytes) {
    if (exchange != null && (!reading || held.gathers(part))) {
      held.add(part, windowBytes, context().alloc());
      return 0;
    }
    handOn(part);
    return windowBytes;
  }

  private void handOn(HttpContent part) {
    Exchange now = exchange;
    if (now == null) {
      drop(part);
    } else {
      now.onPart(part);
    }
  }

  void onReadComplete() {
    readAnew = false;
    held.onReadComplete();
    deliver();
    flushRequest();
  }

  private void flushRequest() {
    Exchange now = exchange;
    if (now != null) {
      now.onRequestReadComplete();
    }
  }

  void onWritability() {
    Exchange now = exchange;
    if (now != null) {
      now.onDownstreamWritability();
    }
  }

  /** The stream is over: reset, or with its last frame. */
  void onGone() {
    closed = true;
    held.release();
    Exchange now = exchange;
    if (now != null && !responded) {
      exchange = null;
      now.onDownstreamGone();
    }
  }

  /** When it began, by {@link System#nanoTime}. */
  long beganNanos() {
    return beganNanos;
  }

  /** Notes that something was read; whether it is the first since the last end of reading. */
  boolean isReadAnew() {
    boolean first = !readAnew;
    readAnew = true;
    return first;
  }

  // ---- what the exchange says

  private ChannelHandlerContext context() {
    return connection.context();
  }

  @Override
  public EventLoop loop() {
    return context().channel().eventLoop();
  }

  @Override
  public HandedOver owner() {
    return caller.owner();
  }

  @Override
  public boolean http2() {
    return true;
  }

  @Override
  public Alarm alarm() {
    return connection.alarm();
  }

  /** A head waits for what follows: with nothing more it ends the stream, as gRPC wants it. */
  @Override
  public void write(HttpObject part) {
    if (closed) {
      ReferenceCountUtil.release(part);
    } else if (begun != null && part instanceof LastHttpContent last && isEmpty(last)) {
      last.release();
      writeBegun(true);
    } else {
      writeBegun(false);
      if (!(part instanceof HttpResponse head)) {
        writeContent((HttpContent) part);
      } else if (part instanceof HttpContent content) {
        writeWhole(head, content);
      } else {
        begun = head;
      }
    }
  }

  private void writeBegun(boolean all) {
    HttpResponse head = begun;
    if (head != null) {
      begun = null;
      responded |= all;
      writeHeaders(HttpConversionUtil.toHttp2Headers(head, true), all);
    }
  }

  private void writeWhole(HttpResponse head, HttpContent content) {
    boolean interim = head.status().code() < FIRST_FINAL;
    boolean bodiless = content instanceof LastHttpContent last && isEmpty(last);
    boolean end = bodiless && !interim;
    responded |= end;
    writeHeaders(HttpConversionUtil.toHttp2Headers(head, true), end);
    if (bodiless) {
      content.release();
    } else {
      writeContent(content);
    }
  }

  private static boolean isEmpty(LastHttpContent last) {
    return !last.content().isReadable() && last.trailingHeaders().isEmpty();
  }

  private void writeContent(HttpContent content) {
    responded |= content instanceof LastHttpContent;
    connection.codec().writeContent(context(), stream.id(), content);
  }

  private void writeHeaders(Http2Headers headers, boolean end) {
    connection
        .codec()
        .encoder()
        .writeHeaders(context(), stream.id(), headers, 0, end, context().newPromise());
  }

  @Override
  public void flush() {
    if (!closed) {
      writeBegun(false);
    }
    connection.flush();
  }

  @Override
  public boolean isWritable() {
    return !closed && connection.codec().connection().remote().flowController().isWritable(stream);
  }

  @Override
  public void read(boolean wanted) {
    reading = wanted;
    if (wanted && !delivering && !held.isEmpty()) {
      deliver();
      flushRequest();
    }
  }

  private void deliver() {
    if (delivering) {
      return; // whoever takes a part may want more, or no more
    }
    delivering = true;
    HeldParts.Held next = reading ? held.poll() : null;
    while (next != null) {
      handOn(next.part());
      if (!closed && connection.codec().consume(context(), stream, next.windowBytes())) {
        connection.flush(); // the sender is told
      }
      next = reading ? held.poll() : null;
    }
    delivering = false;
  }

  @Override
  public void onAnswered() {
    Exchange done = exchange;
    exchange = null;
    if (done != null && !done.isWhole()) {
      read(true); // what is on its way is dropped
      loop().schedule(this::refuseRest, Limits.LINGER.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The answer is out, the request is not whole. Most of the time it soon is. */
  private void drop(HttpContent part) {
    dropped += part.content().readableBytes();
    part.release();
    if (dropped > Limits.LEFTOVER_BYTES) {
      refuseRest();
    }
  }

  /** The rest is not wanted (RFC 9113 §8.1). */
  private void refuseRest() {
    if (!refused) {
      refused = true;
      reset(Http2Error.NO_ERROR);
    }
  }

  @Override
  public void reset() {
    exchange = null;
    reset(Http2Error.INTERNAL_ERROR);
  }

  private void reset(Http2Error error) {
    if (!closed) {
      connection.flushNow(); // what was written comes first
    }
    if (!closed) {
      connection.codec().resetStream(context(), stream.id(), error.code(), context().newPromise());
      connection.flush();
    }
  }
}
