package io.zoneproxy.core.forward.pool;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import io.zoneproxy.core.forward.codec.HeldParts;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Endpoint;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** One stream of an {@link Http2Connection}. On its event loop. */
final class Http2Request implements UpstreamRequest {
  private static final String SCHEME =
      HttpConversionUtil.ExtensionHeaderNames.SCHEME.text().toString();

  private final Http2Connection connection;
  private final ResponseListener listener;
  private final boolean reused;
  private final HeldParts held = new HeldParts();
  private @Nullable Http2Stream stream; // since the head was written
  private @Nullable Http2Response response; // likewise
  private boolean written; // the request, to its end
  private boolean writing;
  private boolean reading = true;
  private boolean delivering;
  private boolean readAnew; // since the last end of reading
  private boolean ended; // the response, which may wait here
  private boolean over; // for the listener
  private boolean cancelled;

  Http2Request(Http2Connection connection, ResponseListener listener, boolean reused) {
    this.connection = connection;
    this.listener = listener;
    this.reused = reused;
  }

  // ---- the request

  @Override
  public void write(HttpObject part) {
    writing = true; // what comes of it is told later: the writer has not finished
    if (over) {
      ReferenceCountUtil.release(part);
    } else if (part instanceof HttpRequest head) {
      begin(head);
    } else {
      writeContent((HttpContent) part);
    }
    writing = false;
  }

  private void begin(HttpRequest head) {
    boolean all = head instanceof LastHttpContent last && isEmpty(last);
    try {
      head.headers().set(SCHEME, connection.target().tls().isPresent() ? "https" : "http");
      Http2Headers headers = HttpConversionUtil.toHttp2Headers(head, true);
      Http2Stream fresh = connection.open(this);
      stream = fresh;
      response = new Http2Response(fresh.id(), head.method());
      written = all;
      connection
          .codec()
          .encoder()
          .writeHeaders(
              connection.context(), fresh.id(), headers, 0, all, connection.context().newPromise());
    } catch (IllegalArgumentException e) { // it cannot be said in HTTP/2
      unopened(String.valueOf(e.getMessage()), false);
    } catch (Http2Exception e) { // the upstream has left, or the numbers of streams are used up
      connection.retire();
      unopened(String.valueOf(e.getMessage()), true);
    }
    if (head instanceof HttpContent content) {
      if (all) {
        content.release();
      } else {
        writeContent(content);
      }
    }
  }

  private static boolean isEmpty(LastHttpContent last) {
    return !last.content().isReadable() && last.trailingHeaders().isEmpty();
  }

  private void unopened(String words, boolean untouched) {
    broken(new Failure(CloseReason.UPSTREAM_RESET, endpoint() + ": " + words, untouched));
    connection.onEnd();
  }

  private void writeContent(HttpContent content) {
    Http2Stream open = stream;
    if (over || open == null || connection.codec().connection().stream(open.id()) == null) {
      content.release(); // Netty takes trailers of a stream that is gone for a connection's mistake
      return;
    }
    written |= content instanceof LastHttpContent;
    connection.codec().writeContent(connection.context(), open.id(), content);
  }

  @Override
  public void flush() {
    connection.flush();
  }

  /** Of a request that is whole no more is to come, and nobody is to wait for it. */
  @Override
  public boolean isWritable() {
    Http2Stream open = stream;
    return written
        || (open != null
            && !over
            && connection.codec().connection().remote().flowController().isWritable(open));
  }

  void onWritability() {
    if (!over && !writing) {
      listener.onWritability();
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    if (!over) {
      over = true;
      held.release();
      if (stream == null) {
        connection.onEnd(); // it never began
      } else {
        reset(Http2Error.CANCEL);
      }
    }
  }

  private void reset(Http2Error error) {
    Http2Stream open = stream;
    if (open != null && connection.codec().connection().stream(open.id()) != null) {
      connection
          .codec()
          .resetStream(
              connection.context(), open.id(), error.code(), connection.context().newPromise());
      connection.flush();
    }
  }

  @Override
  public Endpoint endpoint() {
    return connection.target().endpoint();
  }

  @Override
  public SocketAddress remote() {
    return connection.channel().remoteAddress();
  }

  @Override
  public @Nullable SocketAddress local() {
    return connection.channel().localAddress();
  }

  @Override
  public boolean reused() {
    return reused;
  }

  // ---- the response

  void onHeaders(Http2Headers headers, boolean end) throws Http2Exception {
    Http2Response answer = response;
    if (over || answer == null) {
      return;
    }
    if (answer.isBegun()) {
      LastHttpContent last = new DefaultLastHttpContent();
      HttpConversionUtil.addHttp2ToHttpHeaders(
          answer.id(), headers, last.trailingHeaders(), HttpVersion.HTTP_1_1, true, false);
      answer.onEnd();
      onLast(last, 0);
      return;
    }
    HttpResponse head = answer.onHead(headers, end);
    if (head != null) {
      listener.onHead(head);
      if (end && !over) {
        onLast(LastHttpContent.EMPTY_LAST_CONTENT, 0);
      }
    }
  }

  /**
   * A part of its body.
   *
   * @param data owned by this
   * @param windowBytes what it took of the window
   * @return how much of that is free again
   */
  int onData(ByteBuf data, int windowBytes, boolean end) throws Http2Exception {
    Http2Response answer = response;
    if (over || answer == null) {
      data.release();
      return windowBytes;
    }
    try {
      answer.onData(data.readableBytes(), end);
    } catch (Http2Exception e) {
      data.release();
      throw e;
    }
    return end
        ? onLast(new DefaultLastHttpContent(data), windowBytes)
        : onPart(new DefaultHttpContent(data), windowBytes);
  }

  private int onLast(LastHttpContent last, int windowBytes) {
    ended = true;
    return onPart(last, windowBytes);
  }

  private int onPart(HttpContent part, int windowBytes) {
    if (!reading || held.gathers(part)) {
      held.add(part, windowBytes, connection.context().alloc());
      return 0;
    }
    handOn(part);
    return windowBytes;
  }

  private void handOn(HttpContent part) {
    if (part instanceof LastHttpContent) {
      over = true;
      if (!written) {
        reset(Http2Error.NO_ERROR); // the rest is not wanted (RFC 9113 §8.1)
      }
    }
    listener.onContent(part);
  }

  @Override
  public void read(boolean wanted) {
    reading = wanted;
    if (wanted && !delivering && !held.isEmpty()) {
      deliver();
      if (!over) {
        listener.onReadComplete();
      }
    }
  }

  private void deliver() {
    Http2Stream from = stream;
    if (delivering || from == null) {
      return; // whoever takes a part may want more, or no more
    }
    delivering = true;
    HeldParts.Held next = reading ? held.poll() : null;
    while (next != null) {
      handOn(next.part());
      if (connection.codec().consume(connection.context(), from, next.windowBytes())) {
        connection.flush(); // the sender is told
      }
      next = reading ? held.poll() : null;
    }
    delivering = false;
  }

  /** Notes that something was read; whether it is the first since the last end of reading. */
  boolean isReadAnew() {
    boolean first = !readAnew;
    readAnew = true;
    return first;
  }

  void onReadComplete() {
    readAnew = false;
    held.onReadComplete();
    deliver();
    if (!over) {
      listener.onReadComplete();
    }
  }

  // ---- the end

  void onReset(long errorCode) {
    boolean untouched = errorCode == Http2Error.REFUSED_STREAM.code();
    Http2Error known = Http2Error.valueOf(errorCode);
    String words =
        endpoint() + ": reset the stream: " + (known == null ? "error " + errorCode : known);
    broken(new Failure(CloseReason.UPSTREAM_RESET, words, untouched, Failure.Scope.STREAM));
  }

  /**
   * The stream is over; a response that came whole before is not.
   *
   * @param why the connection's reason, if there is no other
   */
  void onClosed(Failure why) {
    broken(why);
  }

  /** The response does not come, or no more of it. */
  void broken(Failure failure) {
    if (over || ended) {
      return;
    }
    over = true;
    held.release();
    if (writing) {
      connection.loop().execute(() -> tell(failure));
    } else {
      tell(failure);
    }
  }

  private void tell(Failure failure) {
    if (!cancelled) {
      listener.onBroken(failure);
    }
  }
}
