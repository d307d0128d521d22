package io.zoneproxy.core.admin;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.zoneproxy.core.http.Answer;
import io.zoneproxy.core.http.HttpLimits;
import io.zoneproxy.core.http.HttpPort;
import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.http.Request;
import io.zoneproxy.core.observe.ProxyView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The port that probes ask, answering as kuma-dp does: {@code /ready} and nothing else. It may be
 * open to the network, so it tells only whether the proxy is ready.
 */
public final class ReadinessServer implements AutoCloseable {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

  private final Supplier<ProxyView.State> state;
  private final HttpService service;
  private final HttpPort port;

  /**
   * Binds nothing yet.
   *
   * @param loop carries the port; should not be one that carries proxied connections, whose load
   *     would delay a probe
   * @param state asked for each request, on that loop
   */
  public ReadinessServer(EventLoop loop, Supplier<ProxyView.State> state) {
    this.state = state;
    this.service = HttpService.on(loop, this::answer);
    this.port =
        new HttpPort("readiness port", "--readiness-port", loop, service, HttpLimits.DEFAULT);
  }

  /**
   * Binds and serves; not to be called on the event loop.
   *
   * @param where port 0 lets the kernel choose
   * @throws IOException when it cannot be bound; the message says what and why
   */
  public void start(InetSocketAddress where) throws IOException {
    port.start(where);
  }

  /** The same answers for whoever asks otherwise; they are made on the loop. */
  public HttpService service() {
    return service;
  }

  /** What is bound. */
  public InetSocketAddress address() {
    return port.address();
  }

  /** Stops listening and closes every connection; a second call does nothing. */
  @Override
  public void close() {
    port.close();
  }

  private Answer answer(Request request) {
    if (!new QueryStringDecoder(request.uri()).rawPath().equals("/ready")) {
      return text(NOT_FOUND, "404 page not found\n");
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      Answer refusal = text(METHOD_NOT_ALLOWED, "method not allowed\n");
      refusal.headers().set("allow", "GET, HEAD");
      return refusal;
    }
    return switch (state.get()) {
      case LIVE -> text(OK, "READY");
      case INITIALIZING -> text(UNAVAILABLE, "NOT_READY");
      case DRAINING -> text(UNAVAILABLE, "TERMINATING");
    };
  }

  private static Answer text(int status, String body) {
    return Answer.page(status, "text/plain", body, Map.of("x-powered-by", "kuma-dp"));
  }
}
