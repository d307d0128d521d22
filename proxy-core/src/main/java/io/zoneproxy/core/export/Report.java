package io.zoneproxy.core.export;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.forward.pool.ConnectionPools;
import io.zoneproxy.core.forward.pool.Failure;
import io.zoneproxy.core.forward.pool.ResponseListener;
import io.zoneproxy.core.forward.pool.Target;
import io.zoneproxy.core.forward.pool.UpstreamRequest;
import io.zoneproxy.core.forward.pool.Waiter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One message to a collector and its answer; sent once more when the connection had ended under it.
 * On its event loop.
 */
final class Report implements Waiter, ResponseListener {
  /** Envoy's for Zipkin; whoever takes longer is not there. */
  private static final Duration LIMIT = Duration.ofSeconds(5);

  /** Told once how it ended. */
  interface Outcome {
    /** The collector has answered. */
    void onAnswered(int status, HttpHeaders last);

    /** It has not. */
    void onFailed(String why);
  }

  private final EventLoop loop;
  private final ConnectionPools pools;
  private final Target target;
  private final FullHttpRequest message;
  private final Outcome outcome;
  private final Future<?> deadline;
  private ConnectionPools.@Nullable Pending pending;
  private @Nullable UpstreamRequest request;
  private @Nullable HttpResponse head;
  private boolean resent;
  private boolean over;

  private Report(
      EventLoop loop,
      ConnectionPools pools,
      Target target,
      FullHttpRequest message,
      Outcome outcome) {
    this.loop = loop;
    this.pools = pools;
    this.target = target;
    this.message = message;
    this.outcome = outcome;
    this.deadline =
        loop.schedule(() -> fail("no answer in time"), LIMIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Makes one.
   *
   * @param body is not copied
   * @throws IllegalArgumentException when a configured path or host cannot stand in HTTP
   */
  static FullHttpRequest message(Encoding<?> encoding, byte[] body) {
    FullHttpRequest message =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            encoding.path(),
            Unpooled.wrappedBuffer(body),
            new DefaultHttpHeaders(),
            EmptyHttpHeaders.INSTANCE);
    encoding.headers(message.headers());
    message.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return message;
  }

  /**
   * Sends one.
   *
   * @param message is released when it is over
   */
  static void send(
      EventLoop loop,
      ConnectionPools pools,
      Target target,
      FullHttpRequest message,
      Outcome outcome) {
    new Report(loop, pools, target, message, outcome).ask();
  }

  private void ask() {
    target.endpoint().active.increment();
    target.endpoint().requests().total.increment();
    target.cluster().stats().requests().total.increment();
    pending = pools.request(loop, target, this);
  }

  @Override
  public ResponseListener listener() {
    return this;
  }

  @Override
  public boolean wantsFresh() {
    return resent;
  }

  @Override
  public void onReady(UpstreamRequest ready) {
    pending = null;
    if (over) {
      ready.cancel();
      return;
    }
    request = ready;
    ready.write(message.copy());
    ready.flush();
  }

  @Override
  public void onFailed(Failure failure) {
    pending = null;
    fail(failure.detail());
  }

  @Override
  public void onHead(HttpResponse response) {
    head = response;
  }

  @Override
  public void onContent(HttpContent part) {
    HttpResponse response = head;
    if (part instanceof LastHttpContent last && response != null && !over) {
      HttpHeaders behind = last.trailingHeaders();
      int status = response.status().code();
      HttpHeaders fields = behind.isEmpty() ? response.headers() : behind.copy();
      end();
      target.cluster().stats().requests().onAnswer(status, 0);
      outcome.onAnswered(status, fields);
    }
    part.release(); // what it says is of no use
  }

  @Override
  public void onReadComplete() {}

  @Override
  public void onWritability() {}

  @Override
  public void onBroken(Failure failure) {
    UpstreamRequest before = request;
    request = null;
    boolean stale = failure.untouched() || (before != null && before.reused());
    if (!over && !resent && stale && head == null) {
      resent = true;
      target.endpoint().active.decrement();
      ask();
    } else {
      fail(failure.detail());
    }
  }

  private void fail(String why) {
    if (over) {
      return;
    }
    ConnectionPools.Pending waiting = pending;
    if (waiting != null) {
      waiting.cancel();
    }
    UpstreamRequest asked = request;
    end();
    if (asked != null) {
      asked.cancel();
    }
    outcome.onFailed(why);
  }

  private void end() {
    over = true;
    deadline.cancel(false);
    target.endpoint().active.decrement();
    message.release();
  }
}
