package io.zoneproxy.core.forward;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.zoneproxy.core.forward.limit.Deadlines;
import io.zoneproxy.core.forward.limit.Limits;
import io.zoneproxy.core.forward.pool.ConnectionPools;
import io.zoneproxy.core.forward.pool.Failure;
import io.zoneproxy.core.forward.pool.ResponseListener;
import io.zoneproxy.core.forward.pool.UpstreamRequest;
import io.zoneproxy.core.forward.pool.Waiter;
import io.zoneproxy.core.forward.request.ForwardedRequest;
import io.zoneproxy.core.forward.request.RequestHash;
import io.zoneproxy.core.forward.request.RequestHeaders;
import io.zoneproxy.core.forward.request.Route;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;
import io.zoneproxy.core.upstream.Picker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of an {@link Exchange}'s request to an endpoint: one is chosen, asked for a connection
 * and sent the request; the next one when that fails. It owns what was read of the request before
 * there was a connection. On the event loop of the downstream.
 */
final class Sending implements Waiter {
  private final HttpChain chain;
  private final ForwardedRequest request;
  private final Downstream downstream;
  private final ExchangeBook book;
  private final Deadlines deadlines;
  private final Exchange exchange;
  private final Deque<HttpContent> queued = new ArrayDeque<>(2);
  private final List<Endpoint> tried = new ArrayList<>(1);

  private RouteAction.@Nullable Forward forward;
  private @Nullable Picker picker;
  private ConnectionPools.@Nullable Pending pending;
  private @Nullable UpstreamRequest upstream;
  private boolean counted; // by the breaker of the cluster
  private boolean partsWritten; // of its body
  private boolean over;

  Sending(
      HttpChain chain,
      ForwardedRequest request,
      Downstream downstream,
      ExchangeBook book,
      Deadlines deadlines,
      Exchange exchange) {
    this.chain = chain;
    this.request = request;
    this.downstream = downstream;
    this.book = book;
    this.deadlines = deadlines;
    this.exchange = exchange;
  }

  /** Begins, by this route. */
  void begin(Route route, RouteAction.Forward to) {
    forward = to;
    picker = route.upstreams().orElseThrow().choose();
    if (admitted(picker.cluster())) {
      RequestHeaders.prepare(request, route, to);
      book.goesOn(request.head().headers());
      continueIfExpected();
      tryNext();
    }
  }

  private boolean admitted(Cluster cluster) {
    book.chose(cluster);
    if (!cluster.breaker().request()) {
      exchange.reply(Replies.overflow(cluster.name()));
      return false;
    }
    counted = true;
    return true;
  }

  /** As Envoy: it is this proxy that says so, and the upstream is not asked. */
  private void continueIfExpected() {
    if (HttpUtil.is100ContinueExpected(request.head())) {
      request.head().headers().remove(HttpHeaderNames.EXPECT);
      downstream.write(Replies.goOn());
      downstream.flush();
    }
  }

  private void tryNext() {
    Picker from = picker;
    RouteAction.Forward to = forward;
    if (from == null || to == null) {
      return;
    }
    Endpoint endpoint = from.pick(tried, RequestHash.of(to.hash(), request));
    if (endpoint == null) {
      exchange.reply(Replies.noEndpoint(from.cluster().withoutEndpoint()));
      return;
    }
    tried.add(endpoint);
    book.tried(endpoint);
    pending =
        chain.pools().request(downstream.loop(), chain.target(from.cluster(), endpoint), this);
    if (upstream == null && !over) {
      book.waits();
    }
  }

  // ---- the connection

  @Override
  public ResponseListener listener() {
    return exchange;
  }

  @Override
  public boolean wantsFresh() {
    return book.wasResent();
  }

  @Override
  public void onReady(UpstreamRequest ready) {
    if (over) {
      ready.cancel();
      return;
    }
    pending = null;
    upstream = ready;
    book.connected(ready);
    RouteAction.Forward to = forward;
    if (to != null) {
      RequestHeaders.setHost(request, to, ready.endpoint());
    }
    limitTime();
    writeHead(ready);
    while (!queued.isEmpty()) {
      writePart(ready, queued.remove());
    }
    ready.flush();
    downstream.read(ready.isWritable());
  }

  /** What the cluster allows one request, from here to the end of its response. */
  private void limitTime() {
    Picker by = picker;
    if (by != null) {
      deadlines.exchangeWithin(
          by.cluster().spec().policy().http().maxStreamDuration().orElse(Duration.ZERO));
    }
  }

  @Override
  public void onFailed(Failure failure) {
    pending = null;
    book.failed(failure);
    if (failure.reason() != CloseReason.UPSTREAM_LIMIT && mayTryAnother()) {
      book.retried(false);
      tryNext();
    } else {
      exchange.reply(Replies.of(failure));
    }
  }

  private boolean mayTryAnother() {
    Picker from = picker;
    return from != null && tried.size() < chain.maxAttempts() && from.hasOther(tried);
  }

  /**
   * The connection broke; the request is sent once more if that cannot do it twice.
   *
   * @param untold whether it was read to its end, and the downstream was told nothing yet
   */
  boolean isSentAgain(Failure failure, boolean untold) {
    UpstreamRequest from = upstream;
    upstream = null;
    Picker by = picker;
    if (from != null && by != null && failure.isEndpoints()) {
      by.cluster().answered(from.endpoint(), Replies.STATUS_UNAVAILABLE); // as Envoy counts it
    }
    boolean again =
        failure.untouched() || (from != null && from.reused() && request.isIdempotent());
    // Nothing of a body was kept.
    if (!untold || !again || partsWritten || book.wasResent()) {
      return false;
    }
    if (!mayTryAnother()) {
      if (failure.scope() == Failure.Scope.REQUEST) {
        return false; // which the same one takes as little again
      }
      tried.clear(); // the same one again: it was its connection that had ended
    }
    book.retried(true);
    queued.add(LastHttpContent.EMPTY_LAST_CONTENT);
    tryNext();
    return true;
  }

  // ---- the request

  /** Head and end in one where there is no body: one frame, one write. */
  private void writeHead(UpstreamRequest to) {
    book.sending();
    HttpContent only = queued.peek();
    if (only instanceof LastHttpContent last
        && !last.content().isReadable()
        && last.trailingHeaders().isEmpty()) {
      queued.remove().release();
      to.write(request.outgoing(true));
      onSent();
    } else {
      to.write(request.outgoing(false));
    }
  }

  private void writePart(UpstreamRequest to, HttpContent part) {
    boolean last = part instanceof LastHttpContent;
    partsWritten |=
        !(part instanceof LastHttpContent end)
            || part.content().isReadable()
            || !end.trailingHeaders().isEmpty();
    to.write(part);
    if (last) {
      onSent();
    }
  }

  private void onSent() {
    book.requestSent();
    RouteAction.Forward to = forward;
    if (to != null) {
      deadlines.responseWithin(to.timeout().orElse(Limits.RESPONSE));
    }
  }

  /**
   * Sends a part of it, this one's from now on; later, when there is no connection yet.
   *
   * @param whole whether no more follows
   */
  void add(HttpContent part, boolean whole) {
    UpstreamRequest to = upstream;
    if (to == null) {
      queued.add(part);
      if (!whole) {
        downstream.read(false); // the rest can wait in the kernel
      }
      return;
    }
    writePart(to, part);
    if (!whole && !to.isWritable()) {
      downstream.read(false);
    }
  }

  /** What was added goes out. */
  void flush() {
    UpstreamRequest to = upstream;
    if (to != null) {
      to.flush();
    }
  }

  /**
   * Has the downstream read as fast as the upstream does.
   *
   * @param whole whether the request was read to its end
   */
  void pace(boolean whole) {
    UpstreamRequest to = upstream;
    if (to != null) {
      downstream.read(whole || to.isWritable());
    }
  }

  /** Whether more of the response is wanted. */
  void readResponse(boolean wanted) {
    UpstreamRequest from = upstream;
    if (from != null) {
      from.read(wanted);
    }
  }

  // ---- the end

  /** The response did not come in time. */
  void onTimeout() {
    Picker by = picker;
    Endpoint endpoint = book.endpoint();
    if (by != null) {
      by.cluster().stats().requests().timeout.increment();
      if (endpoint != null) {
        endpoint.requests().timeout.increment();
        by.cluster().answered(endpoint, Replies.STATUS_TIMEOUT);
      }
    }
  }

  /** Nothing more of it; a response that is not whole is not wanted any longer. */
  void stop() {
    over = true;
    queued.forEach(HttpContent::release);
    queued.clear();
    ConnectionPools.Pending waiting = pending;
    if (waiting != null) {
      waiting.cancel();
    }
    UpstreamRequest from = upstream;
    if (from != null) {
      from.cancel(); // nothing, when it was whole
    }
    Picker by = picker;
    if (counted && by != null) {
      by.cluster().breaker().requestDone();
    }
  }
}
