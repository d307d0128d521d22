package io.zoneproxy.core.admin.metric;

import static io.zoneproxy.core.admin.metric.Metric.counter;
import static io.zoneproxy.core.admin.metric.Metric.gauge;

import io.zoneproxy.core.observe.request.HttpConnectionStats;
import io.zoneproxy.core.observe.request.HttpRequestStats;
import io.zoneproxy.core.observe.request.HttpStats;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.observe.request.LimitStats;
import io.zoneproxy.core.observe.request.RequestEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What is told of chains that speak HTTP, by the name that a control plane gives them. */
final class HttpMetrics {
  /** Kuma gives all limits this one. */
  private static final String LIMITS_NAME = "rate_limit";

  private static final List<Metric<HttpStats>> CONNECTIONS =
      List.of(
          up("downstream_cx_active", cx -> cx.active.sum()),
          cx("downstream_cx_destroy", cx -> cx.destroyed.sum()),
          cx("downstream_cx_drain_close", cx -> cx.drainClose.sum()),
          up("downstream_cx_http1_active", cx -> cx.http1Active.sum()),
          cx("downstream_cx_http1_total", cx -> cx.http1.sum()),
          up("downstream_cx_http2_active", cx -> cx.http2Active.sum()),
          cx("downstream_cx_http2_total", cx -> cx.http2.sum()),
          cx("downstream_cx_idle_timeout", cx -> cx.idleTimeout.sum()),
          counter(
              "downstream_cx_protocol_error",
              http ->
                  http.connections.protocolError.sum()
                      + ended(http, RequestEnd.BAD_REQUEST)
                      + ended(http, RequestEnd.HEADERS_TOO_LARGE)),
          cx("downstream_cx_rx_bytes_total", cx -> cx.rxBytes.sum()),
          up("downstream_cx_ssl_active", cx -> cx.secureActive.sum()),
          cx("downstream_cx_ssl_total", cx -> cx.secure.sum()),
          cx("downstream_cx_total", cx -> cx.total.sum()),
          cx("downstream_cx_tx_bytes_total", cx -> cx.txBytes.sum()));

  private static final List<Metric<HttpStats>> REQUESTS =
      List.of(
          gauge("downstream_rq_active", http -> http.requests.active.sum()),
          rq("downstream_rq_completed", rq -> rq.completed.sum()),
          rq("downstream_rq_header_timeout", rq -> rq.headerTimeout.sum()),
          rq("downstream_rq_http1_total", rq -> rq.http1.sum()),
          rq("downstream_rq_http2_total", rq -> rq.http2.sum()),
          end("downstream_rq_idle_timeout", RequestEnd.IDLE),
          rq("downstream_rq_response_before_rq_complete", rq -> rq.early.sum()),
          end("downstream_rq_rx_reset", RequestEnd.DOWNSTREAM_GONE),
          end("downstream_rq_timeout", RequestEnd.REQUEST_TIMEOUT),
          counter("downstream_rq_too_large", http -> 0), // bodies pass through, of any size
          rq("downstream_rq_total", rq -> rq.http1.sum() + rq.http2.sum()),
          rq("downstream_rq_tx_reset", rq -> rq.cutOff.sum()),
          end("downstream_rq_ws_on_non_ws_route", RequestEnd.UPGRADE),
          new Metric<>("downstream_rq_xx", Metric.Kind.COUNTER, classes()),
          counter("no_cluster", http -> 0), // a chain without its cluster is not served at all
          end("no_route", RequestEnd.NO_ROUTE),
          rq("rq_direct_response", rq -> rq.direct.sum()),
          rq("rq_reset_after_downstream_response_started", rq -> rq.cutOff.sum()),
          rq("rq_total", rq -> rq.routed.sum()),
          counter("rs_too_large", http -> 0)); // likewise

  private static final List<Metric<HttpStats>> FAULTS =
      List.of(
          counter("fault.aborts_injected", http -> http.aborts.sum()),
          counter("fault.delays_injected", http -> http.delays.sum()),
          counter("fault.response_rl_injected", http -> http.slowed.sum()));

  private static final List<Metric<HttpStats>> TRACING =
      List.of(
          counter("tracing.client_enabled", http -> http.tracing.client.sum()),
          counter("tracing.health_check", http -> 0), // none is told from the others
          counter("tracing.not_traceable", http -> http.tracing.notTraceable.sum()),
          counter("tracing.random_sampling", http -> http.tracing.random.sum()),
          counter("tracing.service_forced", http -> http.tracing.forced.sum()));

  private static final List<Timing<HttpStats>> TIMINGS =
      List.of(
          new Timing<>("downstream_cx_length_ms", http -> http.connections.lengthMillis()),
          new Timing<>("downstream_rq_time", http -> http.requests.millis()));

  private static final List<Metric<LimitStats>> LIMITS =
      List.of(
          counter("enabled", limits -> limits.enabled.sum()),
          counter("enforced", limits -> limits.enforced.sum()),
          counter("ok", limits -> limits.ok.sum()),
          counter("rate_limited", limits -> limits.limited.sum()));

  private HttpMetrics() {}

  /** Nothing at all where no chain speaks HTTP. */
  static List<StatGroup<?>> groups(HttpStatsTable table, List<HttpStats> all) {
    if (all.isEmpty()) {
      return List.of();
    }
    List<Metric<HttpStats>> metrics = new ArrayList<>(CONNECTIONS);
    metrics.addAll(REQUESTS);
    metrics.addAll(FAULTS);
    metrics.addAll(TRACING);
    return List.of(
        new StatGroup<>(
            "envoy_http_",
            metrics,
            TIMINGS,
            Subject.named("http", "envoy_http_conn_manager_prefix", all, HttpStats::name)),
        new StatGroup<>(
            "envoy_http_local_rate_limit_",
            LIMITS,
            List.of(
                new Subject<>(
                    LIMITS_NAME + ".http_local_rate_limit",
                    Subject.label("envoy_local_http_ratelimit_prefix", LIMITS_NAME),
                    List.of(table.limits)))));
  }

  private static Metric<HttpStats> cx(String stat, ToLongFunction<HttpConnectionStats> value) {
    return counter(stat, http -> value.applyAsLong(http.connections));
  }

  private static Metric<HttpStats> up(String stat, ToLongFunction<HttpConnectionStats> value) {
    return gauge(stat, http -> value.applyAsLong(http.connections));
  }

  private static Metric<HttpStats> rq(String stat, ToLongFunction<HttpRequestStats> value) {
    return counter(stat, http -> value.applyAsLong(http.requests));
  }

  private static Metric<HttpStats> end(String stat, RequestEnd end) {
    return counter(stat, http -> ended(http, end));
  }

  private static long ended(HttpStats http, RequestEnd end) {
    return http.requests.ended(end).sum();
  }

  private static List<Metric.Part<HttpStats>> classes() {
    List<Metric.Part<HttpStats>> parts = new ArrayList<>();
    for (int i = 1; i <= HttpRequestStats.CLASSES; i++) {
      int number = i;
      parts.add(
          new Metric.Part<>(
              "downstream_rq_" + number + "xx",
              Subject.label("envoy_response_code_class", Integer.toString(number)),
              http -> http.requests.ofClass(number)));
    }
    return parts;
  }
}
