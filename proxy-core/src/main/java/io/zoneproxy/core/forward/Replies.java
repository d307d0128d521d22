package io.zoneproxy.core.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.zoneproxy.core.forward.pool.Failure;
import io.zoneproxy.core.forward.request.ForwardedRequest;
import io.zoneproxy.core.forward.request.GrpcStatus;
import io.zoneproxy.core.forward.request.HttpDate;
import io.zoneproxy.core.forward.request.LocalReply;
import io.zoneproxy.core.http.route.HeaderEdits;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.request.RequestEnd;
import java.nio.charset.StandardCharsets;

/** What this proxy answers by itself, in Envoy's words, and how it is written. */
final class Replies {
  /** From here on an answer is a failure of the server. */
  static final int STATUS_ERROR = 500;

  static final int STATUS_UNAVAILABLE = 503;
  static final int STATUS_TIMEOUT = 504;
  private static final int STATUS_REQUEST_TIMEOUT = 408;
  private static final int STATUS_BAD_GATEWAY = 502;
  private static final String NO_UPSTREAM = "no healthy upstream";
  private static final String RESET =
      "upstream connect error or disconnect/reset before headers. reset reason: ";

  private Replies() {}

  static LocalReply bad(String detail) {
    return LocalReply.of(400, "Bad Request", RequestEnd.BAD_REQUEST, detail);
  }

  static LocalReply noEndpoint(String detail) {
    return LocalReply.of(STATUS_UNAVAILABLE, NO_UPSTREAM, RequestEnd.NO_ENDPOINT, detail);
  }

  static LocalReply overflow(String cluster) {
    return LocalReply.of(STATUS_UNAVAILABLE, RESET + "overflow", RequestEnd.OVERFLOW, cluster);
  }

  /** No response, or the begin of none. */
  static LocalReply of(Failure failure) {
    RequestEnd end = endOf(failure.reason());
    String words =
        switch (end) {
          case NO_ENDPOINT -> NO_UPSTREAM;
          case OVERFLOW -> RESET + "overflow";
          case UPSTREAM_TLS_FAILED -> RESET + "remote connection failure";
          case INTERNAL -> "Internal Server Error";
          case CONNECT_FAILED ->
              failure.reason() == CloseReason.CONNECT_TIMEOUT
                  ? RESET + "connection timeout"
                  : RESET + "remote connection failure";
          case UPSTREAM_PROTOCOL -> RESET + "protocol error";
          default -> RESET + "connection termination";
        };
    int status =
        switch (end) {
          case UPSTREAM_PROTOCOL -> STATUS_BAD_GATEWAY;
          case INTERNAL -> STATUS_ERROR;
          default -> STATUS_UNAVAILABLE;
        };
    return LocalReply.of(status, words, end, failure.detail());
  }

  static RequestEnd endOf(CloseReason reason) {
    return switch (reason) {
      case NO_ENDPOINT -> RequestEnd.NO_ENDPOINT;
      case UPSTREAM_LIMIT -> RequestEnd.OVERFLOW;
      case UPSTREAM_PROTOCOL_ERROR -> RequestEnd.UPSTREAM_PROTOCOL;
      case UPSTREAM_RESET -> RequestEnd.UPSTREAM_RESET;
      case UPSTREAM_TLS_FAILED -> RequestEnd.UPSTREAM_TLS_FAILED;
      case INTERNAL, NO_MEMORY -> RequestEnd.INTERNAL;
      default -> RequestEnd.CONNECT_FAILED;
    };
  }

  /**
   * Something took too long.
   *
   * @param whole whether the request was read to its end: then the upstream is to blame
   */
  static LocalReply late(RequestEnd which, boolean whole) {
    if (which == RequestEnd.TIMEOUT) {
      return LocalReply.of(STATUS_TIMEOUT, "upstream request timeout", which, "");
    }
    if (which == RequestEnd.STREAM_DURATION) {
      String words = "upstream max stream duration reached";
      return LocalReply.of(STATUS_TIMEOUT, words, which, "");
    }
    boolean upstream = which == RequestEnd.IDLE && whole;
    int status = upstream ? STATUS_TIMEOUT : STATUS_REQUEST_TIMEOUT;
    String words = which == RequestEnd.IDLE ? "stream timeout" : "request timeout";
    return LocalReply.of(status, words, which, "");
  }

  /** 100: the downstream may send its body. */
  static FullHttpResponse goOn() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER);
  }

  /** Writes one; calls of gRPC get a status of theirs, and no body. */
  static void write(
      LocalReply reply, ForwardedRequest request, Downstream downstream, ExchangeBook book) {
    boolean grpc = request.isGrpc();
    boolean bodiless = grpc || request.head().method().equals(HttpMethod.HEAD);
    ByteBuf body =
        bodiless
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.copiedBuffer(reply.body(), StandardCharsets.UTF_8);
    HttpResponseStatus status =
        grpc ? HttpResponseStatus.OK : HttpResponseStatus.valueOf(reply.status());
    FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
    response.headers().set(HttpHeaderNames.DATE, HttpDate.now());
    if (grpc) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/grpc");
      response.headers().set(GrpcStatus.HEADER, GrpcStatus.of(reply.status()));
      response.headers().set("grpc-message", GrpcStatus.message(reply.body()));
    } else {
      if (!reply.body().isEmpty()) {
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain");
      }
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, ByteBufUtil.utf8Bytes(reply.body()));
    }
    if (reply.end() == RequestEnd.BAD_REQUEST) { // who knows what it takes for the next request
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    HeaderEdits.change(response.headers(), reply.headers());
    book.replied(response, grpc ? "" : reply.body());
    book.sent(body.readableBytes());
    downstream.write(response);
  }
}
