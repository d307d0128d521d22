package io.zoneproxy.cp.translate.http;

import io.envoyproxy.envoy.config.core.v3.CidrRange;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.CodecType;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.policy.Cidr;
import io.zoneproxy.cp.translate.log.AccessLogs;
import io.zoneproxy.cp.translate.policy.Limits;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain that speaks HTTP. Routes stand in it: kuma-cp sends none by themselves. Pure. */
public final class HttpTranslator {
  private final RouteTranslator routes;

  /**
   * @param interned makes equal tags one object
   */
  public HttpTranslator(Interned interned) {
    routes = new RouteTranslator(interned);
  }

  /** The chain's end; of no use when there are problems. */
  public HttpSpec translate(HttpConnectionManager from, Problems problems) {
    if (from.getCodecType() != CodecType.AUTO) {
      problems.at("codec_type").add(from.getCodecType(), "AUTO");
    }
    return new HttpSpec(
        from.getStatPrefix(),
        timeouts(from, problems),
        filters(from.getHttpFiltersList(), problems),
        table(from, problems),
        internal(from, problems.at("internal_address_config")),
        AccessLogs.of(from.getAccessLogList(), problems),
        tracing(from, problems));
  }

  private static HttpTimeouts timeouts(HttpConnectionManager from, Problems problems) {
    HttpProtocolOptions common = from.getCommonHttpProtocolOptions();
    Problems at = problems.at("common_http_protocol_options");
    refuse("max_connection_duration", common.hasMaxConnectionDuration(), at);
    refuse("max_stream_duration", common.hasMaxStreamDuration(), at);
    refuse("max_requests_per_connection", common.hasMaxRequestsPerConnection(), at);
    return new HttpTimeouts(
        Numbers.optional(common.hasIdleTimeout(), common.getIdleTimeout(), at.at("idle_timeout")),
        Numbers.optional(
            from.hasRequestHeadersTimeout(),
            from.getRequestHeadersTimeout(),
            problems.at("request_headers_timeout")),
        Numbers.optional(
            from.hasStreamIdleTimeout(),
            from.getStreamIdleTimeout(),
            problems.at("stream_idle_timeout")),
        Numbers.optional(
            from.hasRequestTimeout(), from.getRequestTimeout(), problems.at("request_timeout")));
  }

  /** They are honoured for upstreams only. */
  private static void refuse(String field, boolean set, Problems problems) {
    if (set) {
      problems.at(field).add("set", "not set: it is not supported for downstreams");
    }
  }

  private static List<io.zoneproxy.core.model.http.HttpFilter> filters(
      List<HttpFilter> from, Problems problems) {
    List<io.zoneproxy.core.model.http.HttpFilter> filters = new ArrayList<>(from.size());
    for (int i = 0; i < from.size(); i++) {
      Problems at = problems.at("http_filters", i);
      Optional<io.zoneproxy.core.model.http.HttpFilter> filter = HttpFilters.of(from.get(i), at);
      boolean last = i == from.size() - 1;
      if (filter.isPresent()
          && last != filter.get() instanceof io.zoneproxy.core.model.http.HttpFilter.Router) {
        at.add(from.get(i).getName(), last ? "the router as the last" : "the router last only");
      }
      filter.ifPresent(filters::add);
    }
    if (from.isEmpty()) {
      problems.at("http_filters").add("none", "the router as the last");
    }
    return filters;
  }

  private RouteTable table(HttpConnectionManager from, Problems problems) {
    if (!from.hasRouteConfig()) {
      problems.add(from.getRouteSpecifierCase(), "route_config");
    }
    return routes.translate(from.getRouteConfig(), problems.at("route_config"));
  }

  private static List<Cidr> internal(HttpConnectionManager from, Problems problems) {
    List<CidrRange> ranges = from.getInternalAddressConfig().getCidrRangesList();
    List<Cidr> internal = new ArrayList<>(ranges.size());
    for (int i = 0; i < ranges.size(); i++) {
      internal.add(Limits.cidr(ranges.get(i), problems.at("cidr_ranges", i)));
    }
    return internal;
  }

  private static Optional<TracingSpec> tracing(HttpConnectionManager from, Problems problems) {
    return from.hasTracing()
        ? Tracing.of(from.getTracing(), problems.at("tracing"))
        : Optional.empty();
  }
}
