package io.zoneproxy.core.admin;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.admin.stats.PrometheusText;
import io.zoneproxy.core.http.Answer;
import io.zoneproxy.core.http.HttpService;
import io.zoneproxy.core.http.Request;
import io.zoneproxy.core.observe.ProxyView;

/**
 * What Kuma's metrics listener leads to ({@code MeshMetric}): kuma-dp's process behind a Unix
 * socket there, this proxy itself here.
 */
public final class MetricsService {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;

  private final ProxyView view;
  private final ServerInfo info;

  private MetricsService(ProxyView view, ServerInfo info) {
    this.view = view;
    this.info = info;
  }

  /**
   * Answers {@code /meshmetric} and nothing else.
   *
   * @param loop pages are made there; should not be one that carries proxied connections
   */
  public static HttpService of(EventLoop loop, ProxyView view, ServerInfo info) {
    return HttpService.on(loop, new MetricsService(view, info)::answer);
  }

  private Answer answer(Request request) {
    if (!new QueryStringDecoder(request.uri()).rawPath().equals("/meshmetric")) {
      return Answer.text(NOT_FOUND, "404 page not found\n");
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      Answer refusal = Answer.text(METHOD_NOT_ALLOWED, "method not allowed\n");
      refusal.headers().set("allow", "GET, HEAD");
      return refusal;
    }
    return Answer.text(OK, PrometheusText.of(view, info, false));
  }
}
