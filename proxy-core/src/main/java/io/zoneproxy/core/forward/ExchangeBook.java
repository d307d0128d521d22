package io.zoneproxy.core.forward;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.zoneproxy.core.forward.pool.Failure;
import io.zoneproxy.core.forward.pool.UpstreamRequest;
import io.zoneproxy.core.forward.request.ForwardedRequest;
import io.zoneproxy.core.forward.request.GrpcStatus;
import io.zoneproxy.core.forward.request.Route;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.RequestStats;
import io.zoneproxy.core.observe.request.HttpRequestStats;
import io.zoneproxy.core.observe.request.LoggedHeaders;
import io.zoneproxy.core.observe.request.RequestEnd;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.observe.request.Timeline;
import io.zoneproxy.core.observe.request.Timeline.Point;
import io.zoneproxy.core.observe.request.UpstreamUse;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.trace.RequestSpan;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is noted and counted of one request, from its head to its end. On its event loop. */
final class ExchangeBook {
  private final Timeline timeline = new Timeline();
  private final HttpChain chain;
  private final Downstream downstream;
  private final ForwardedRequest request;
  private final List<Address> tried = new ArrayList<>(1);
  private @Nullable Cluster cluster;
  private @Nullable Endpoint endpoint;
  private @Nullable SocketAddress remote;
  private @Nullable SocketAddress local;
  private @Nullable HttpHeaders response;
  private @Nullable HttpHeaders trailers;
  private @Nullable RequestSpan span; // null: the chain does not trace, or its place is unknown
  private @Nullable String reply; // null for none of this proxy
  private int status;
  private boolean retried;
  private boolean resent;
  private boolean waiting; // for a connection
  private long received;
  private long sent;

  ExchangeBook(HttpChain chain, Downstream downstream, ForwardedRequest request) {
    this.chain = chain;
    this.downstream = downstream;
    this.request = request;
    chain.stats().requests.onBegun(downstream.http2());
  }

  private @Nullable RequestStats stats() {
    Cluster of = cluster;
    return of == null ? null : of.stats().requests();
  }

  /** It is one that may be traced. */
  void begins() {
    if (chain.tracer().isPresent()) {
      span = chain.tracer().get().begin(request.head().headers());
    }
  }

  /** It goes on to an upstream, with these headers: where it stands in a trace is told in them. */
  void goesOn(HttpHeaders headers) {
    RequestSpan traced = span;
    if (traced != null) {
      traced.tell(headers);
    }
  }

  /** The request was read to its end. */
  void whole() {
    timeline.mark(Point.RECEIVED);
  }

  void chose(Cluster chosen) {
    cluster = chosen;
  }

  /** A connection to an endpoint is asked for; from now on it counts for the next choice. */
  void tried(Endpoint next) {
    leave();
    next.active.increment();
    timeline.mark(Point.CONNECTING);
    endpoint = next;
    tried.add(next.address());
  }

  /** There is none yet. */
  void waits() {
    RequestStats of = stats();
    if (of != null && !waiting) {
      waiting = true;
      of.pendingTotal.increment();
      of.pending.increment();
    }
  }

  private void waitsNoMore() {
    RequestStats of = stats();
    if (of != null && waiting) {
      waiting = false;
      of.pending.decrement();
    }
  }

  private void leave() {
    Endpoint before = endpoint;
    if (before != null) {
      before.active.decrement();
    }
  }

  void connected(UpstreamRequest to) {
    timeline.mark(Point.CONNECTED);
    waitsNoMore();
    RequestStats of = stats();
    if (of != null) {
      of.total.increment();
    }
    to.endpoint().requests().total.increment();
    remote = to.remote();
    local = to.local();
  }

  /** No connection came of it. */
  void failed(Failure failure) {
    RequestStats of = stats();
    waitsNoMore();
    if (of != null && failure.reason() != CloseReason.UPSTREAM_LIMIT) {
      of.pendingFailure.increment();
    }
  }

  void sending() {
    timeline.mark(Point.SENDING);
  }

  void requestSent() {
    timeline.mark(Point.SENT);
  }

  /**
   * Another endpoint is asked, or the same one again.
   *
   * @param sent whether the request had been sent before
   */
  void retried(boolean sent) {
    resent |= sent;
    retried = true;
    Cluster of = cluster;
    if (of != null) {
      of.stats().failover.increment();
    }
  }

  /** Whether it was sent twice. */
  boolean wasResent() {
    return resent;
  }

  @Nullable Endpoint endpoint() {
    return endpoint;
  }

  void received(int bytes) {
    received += bytes;
  }

  void sent(int bytes) {
    sent += bytes;
  }

  /** The upstream has answered. */
  void answered(HttpResponse head) {
    timeline.mark(Point.ANSWERED);
    replied(head, null);
    Cluster of = cluster;
    Endpoint by = endpoint;
    if (of != null && by != null) {
      of.answered(by, status);
      if (retried && status < Replies.STATUS_ERROR) {
        of.stats().requests().retrySuccess.increment();
      }
    }
  }

  /** The upstream's response is whole. */
  void answeredWhole(HttpHeaders last) {
    timeline.mark(Point.ANSWERED_WHOLE);
    trailers = last;
  }

  /**
   * A head goes to the downstream.
   *
   * @param body of this proxy's own, null for the upstream's
   */
  void replied(HttpResponse head, @Nullable String body) {
    timeline.mark(Point.REPLYING);
    status = head.status().code();
    response = head.headers();
    reply = body;
  }

  /** The upstream has cut its response off, or never begun one. */
  void broken(Failure failure) {
    Cluster of = cluster;
    if (of == null) {
      return;
    }
    if (failure.scope() == Failure.Scope.STREAM) {
      of.stats().requests().rxReset.increment();
    } else if (failure.scope() == Failure.Scope.CONNECTION
        && failure.reason() == CloseReason.UPSTREAM_RESET) {
      of.stats().resetByRemote.increment();
    }
  }

  /** Milliseconds that the upstream took to answer. */
  long serviceMillis() {
    Duration took = timeline.between(Point.CONNECTED, Point.ANSWERED);
    return took == null ? 0 : took.toMillis();
  }

  /**
   * It is over.
   *
   * @param route that it took; null when none did
   */
  void over(RequestEnd end, String detail, @Nullable Route route) {
    leave();
    if (status > 0) {
      timeline.mark(Point.REPLIED);
    }
    waitsNoMore();
    Duration duration = timeline.elapsed();
    RequestStats of = stats();
    if (of != null) {
      count(of, end, duration);
    }
    count(chain.stats().requests, end, duration);
    RequestRecord record = record(end, detail, duration, route);
    chain.observer().onEnded(record);
    RequestSpan traced = span;
    if (traced != null) {
      traced.end(record);
    }
  }

  private void count(RequestStats of, RequestEnd end, Duration duration) {
    boolean asked = timeline.at(Point.CONNECTED) != null;
    boolean answered = timeline.at(Point.ANSWERED_WHOLE) != null;
    if (!asked && end == RequestEnd.DOWNSTREAM_GONE) {
      of.cancelled.increment();
    } else if (asked && !answered && end.isCutHere()) {
      of.txReset.increment();
    }
    if (status > 0) {
      of.onAnswer(status, duration.toMillis());
    }
    if (chain.countsGrpc() && request.isGrpc()) {
      (isGrpcSuccess() ? of.grpcSuccess : of.grpcFailure).increment();
    }
  }

  private boolean isGrpcSuccess() {
    String told = seen(trailers).get(GrpcStatus.HEADER);
    return "0".equals(told == null ? seen(response).get(GrpcStatus.HEADER) : told);
  }

  private void count(HttpRequestStats of, RequestEnd end, Duration duration) {
    of.onEnded(end, status, duration.toMillis());
    if (status == 0) {
      return;
    }
    if (timeline.at(Point.RECEIVED) == null) {
      of.early.increment();
    }
    if (cluster == null && end == RequestEnd.DONE) {
      of.direct.increment();
    }
    if (cluster != null && end != RequestEnd.DONE && reply == null) {
      of.cutOff.increment();
    }
  }

  private RequestRecord record(
      RequestEnd end, String detail, Duration duration, @Nullable Route route) {
    Cluster of = cluster;
    HandedOver owner = downstream.owner();
    return new RequestRecord(
        timeline,
        duration,
        downstream.http2() ? "HTTP/2" : "HTTP/1.1",
        request,
        seen(response),
        seen(trailers),
        status,
        owner.book().soFar(),
        owner.local(),
        chain.spec().accessLogs(),
        route == null ? "" : route.name(),
        new UpstreamUse(
            of == null ? "" : of.name(),
            remote,
            local,
            of == null || remote == null ? "" : protocol(of),
            tried),
        received,
        sent,
        end,
        detail,
        Objects.requireNonNullElse(reply, ""));
  }

  private static String protocol(Cluster of) {
    boolean two = of.spec().policy().http().version() == HttpUpstream.Version.HTTP_2;
    return two ? "HTTP/2" : "HTTP/1.1";
  }

  private static LoggedHeaders seen(@Nullable HttpHeaders headers) {
    return headers == null || headers.isEmpty() ? LoggedHeaders.NONE : new SeenHeaders(headers);
  }
}
