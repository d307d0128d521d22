package io.zoneproxy.core.forward;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.zoneproxy.core.forward.limit.Deadlines;
import io.zoneproxy.core.forward.limit.Limits;
import io.zoneproxy.core.forward.pool.Failure;
import io.zoneproxy.core.forward.pool.ResponseListener;
import io.zoneproxy.core.forward.request.ForwardedRequest;
import io.zoneproxy.core.forward.request.Hop;
import io.zoneproxy.core.forward.request.LocalReply;
import io.zoneproxy.core.forward.request.Peer;
import io.zoneproxy.core.forward.request.RequestCheck;
import io.zoneproxy.core.forward.request.RequestFilter;
import io.zoneproxy.core.forward.request.RequestHeaders;
import io.zoneproxy.core.forward.request.Route;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.observe.request.RequestEnd;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: checked, matched, filtered, sent on; the response handed back as it
 * comes. Nothing is kept but what one read brought before there was an upstream. On the event loop
 * of the downstream, on which the upstream's connection is, too.
 */
final class Exchange implements ResponseListener {
  private final HttpChain chain;
  private final Downstream downstream;
  private final ForwardedRequest request;
  private final ExchangeBook book;
  private final Deadlines deadlines;
  private final Sending sending;

  private @Nullable Route route;
  private @Nullable Throttle throttle;
  private int nextFilter;
  private boolean whole; // the request is
  private boolean responding;
  private boolean over;

  Exchange(HttpChain chain, Downstream downstream, HttpRequest head, Peer peer) {
    this.chain = chain;
    this.downstream = downstream;
    this.request = new ForwardedRequest(head, peer);
    this.book = new ExchangeBook(chain, downstream, request);
    this.deadlines = new Deadlines(downstream.alarm(), this::onLate);
    this.sending = new Sending(chain, request, downstream, book, deadlines, this);
  }

  /**
   * Begins; the parts of the request follow.
   *
   * @param bodiless whether none do: the head is all
   */
  void begin(boolean bodiless) {
    if (bodiless) {
      onWhole();
      sending.add(LastHttpContent.EMPTY_LAST_CONTENT, true);
    }
    LocalReply refusal = RequestCheck.refusal(request.head());
    if (refusal != null) {
      reply(refusal);
      return;
    }
    book.begins();
    route = chain.routes().find(request);
    if (!bodiless) {
      deadlines.requestWithin(chain.spec().timeouts().request().orElse(Duration.ZERO));
    }
    deadlines.idle(idleLimit());
    filter();
  }

  private Duration idleLimit() {
    Route taken = route;
    Duration ofChain = chain.spec().timeouts().streamIdle().orElse(Limits.STREAM_IDLE);
    return taken != null && taken.action() instanceof RouteAction.Forward to
        ? to.idleTimeout().orElse(ofChain)
        : ofChain;
  }

  private void filter() {
    while (!over && nextFilter < chain.filters().size()) {
      RequestFilter.Step step = chain.filters().get(nextFilter++).apply(request, route);
      if (step instanceof RequestFilter.Reply refusal) {
        reply(refusal.reply());
        return;
      }
      if (step instanceof RequestFilter.Slow slow) {
        if (slow.bytesPerSecond() > 0) {
          throttle = new Throttle(downstream, slow.bytesPerSecond());
        }
        if (!slow.delay().isZero()) {
          downstream.loop().schedule(this::filter, slow.delay().toMillis(), TimeUnit.MILLISECONDS);
          return;
        }
      }
    }
    if (!over) {
      act();
    }
  }

  private void act() {
    Route taken = route;
    if (taken == null) {
      reply(LocalReply.of(404, "", RequestEnd.NO_ROUTE, ""));
    } else if (taken.action() instanceof RouteAction.Answer answer) {
      reply(LocalReply.of(answer.status(), answer.body(), RequestEnd.DONE, ""));
    } else {
      sending.begin(taken, (RouteAction.Forward) taken.action());
    }
  }

  // ---- the request

  /** A part of it, this one's from now on. */
  void onPart(HttpContent part) {
    if (over) {
      part.release();
      return;
    }
    if (part.decoderResult().isFailure()) {
      part.release();
      reply(Replies.bad(String.valueOf(part.decoderResult().cause().getMessage())));
      return;
    }
    RequestHeaders.prepareTrailers(part);
    deadlines.touch();
    book.received(part.content().readableBytes());
    if (part instanceof LastHttpContent) {
      onWhole();
      deadlines.requestWhole();
    }
    sending.add(part, whole);
  }

  private void onWhole() {
    whole = true;
    book.whole();
  }

  /** What was read so far is all for now. */
  void onRequestReadComplete() {
    sending.flush();
  }

  /** The downstream takes more, or no more for now. */
  void onDownstreamWritability() {
    if (throttle == null) {
      sending.readResponse(downstream.isWritable());
    }
  }

  /** The downstream has left. */
  void onDownstreamGone() {
    finish(RequestEnd.DOWNSTREAM_GONE, "");
  }

  /** Whether the request was read to its end. */
  boolean isWhole() {
    return whole;
  }

  @Override
  public void onWritability() {
    sending.pace(whole);
  }

  // ---- the response

  @Override
  public void onHead(HttpResponse head) {
    if (over) {
      return;
    }
    deadlines.touch();
    responding = true;
    book.answered(head);
    head.setProtocolVersion(HttpVersion.HTTP_1_1); // ours, whatever the upstream's is
    Hop.strip(head.headers());
    Route taken = route;
    if (taken != null) {
      taken.edits().response(head.headers());
    }
    request.addCookies(head.headers());
    head.headers().set("x-envoy-upstream-service-time", book.serviceMillis());
    downstream.write(head);
  }

  @Override
  public void onContent(HttpContent part) {
    if (over) {
      part.release();
      return;
    }
    deadlines.touch();
    book.sent(part.content().readableBytes());
    boolean last = part instanceof LastHttpContent;
    if (part instanceof LastHttpContent end) {
      book.answeredWhole(end.trailingHeaders());
    }
    Throttle slow = throttle;
    if (slow != null) {
      throttled(slow, part);
      return;
    }
    downstream.write(part);
    if (last) {
      downstream.flush();
      finish(RequestEnd.DONE, "");
    } else if (!downstream.isWritable()) {
      sending.readResponse(false);
    }
  }

  private void throttled(Throttle slow, HttpContent part) {
    sending.readResponse(false);
    slow.write(
        part,
        () -> {
          deadlines.touch();
          if (part instanceof LastHttpContent) {
            finish(RequestEnd.DONE, "");
          } else if (!over) {
            sending.readResponse(true);
          }
        });
  }

  @Override
  public void onReadComplete() {
    if (!over) {
      downstream.flush();
    }
  }

  @Override
  public void onBroken(Failure failure) {
    if (over) {
      return;
    }
    book.broken(failure);
    boolean untold = whole && !responding;
    if (!sending.isSentAgain(failure, untold)) {
      reply(Replies.of(failure));
    }
  }

  // ---- the end

  private void onLate(RequestEnd which) {
    if (which == RequestEnd.TIMEOUT) {
      sending.onTimeout();
    }
    reply(Replies.late(which, whole));
  }

  /** Answers, or cuts off the answer that has begun. */
  void reply(LocalReply reply) {
    if (over) {
      return;
    }
    if (responding) {
      finish(reply.end(), reply.detail());
      return;
    }
    responding = true;
    Replies.write(reply, request, downstream, book);
    downstream.flush();
    finish(reply.end(), reply.detail(), true);
  }

  private void finish(RequestEnd end, String detail) {
    finish(end, detail, end == RequestEnd.DONE);
  }

  private void finish(RequestEnd end, String detail, boolean answered) {
    if (over) {
      return;
    }
    over = true;
    deadlines.stop();
    Throttle slow = throttle;
    if (slow != null) {
      slow.stop();
    }
    sending.stop();
    book.over(end, detail, route);
    if (answered) {
      downstream.onAnswered();
    } else {
      downstream.flush(); // what came before it is delivered
      downstream.reset();
    }
  }
}
