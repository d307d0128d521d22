package io.zoneproxy.cp.translate.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.common.matching.v3.ExtensionWithMatcher;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.zoneproxy.core.model.http.HttpFilter.RateLimit;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import org.junit.jupiter.api.Test;

final class HttpTranslatorTest {
  private final Problems problems = Problems.of("Listener", "l");

  private HttpSpec translate(HttpConnectionManager.Builder from) {
    return new HttpTranslator(new Interned()).translate(from.build(), problems);
  }

  private static HttpConnectionManager.Builder manager(Route.Builder... routes) {
    HttpConnectionManager.Builder manager = HttpConnectionManager.newBuilder().setStatPrefix("s");
    var host =
        manager.getRouteConfigBuilder().addVirtualHostsBuilder().setName("h").addDomains("*");
    for (Route.Builder each : routes) {
      host.addRoutes(each);
    }
    return manager;
  }

  private static HttpFilter filter(Message config) {
    return HttpFilter.newBuilder().setName("f").setTypedConfig(Any.pack(config)).build();
  }

  private static Route.Builder route() {
    Route.Builder route = Route.newBuilder();
    route.getMatchBuilder().setPrefix("/");
    route.getRouteBuilder().setCluster("c").setTimeout(Duration.getDefaultInstance());
    return route;
  }

  @Test
  @SuppressWarnings("deprecation") // the form that kuma-cp sends
  void readsARouteWithAllItsParts() {
    Route.Builder route = route();
    route
        .getMatchBuilder()
        .addHeaders(
            HeaderMatcher.newBuilder()
                .setName("X-Kuma-Tags")
                .setSafeRegexMatch(RegexMatcher.newBuilder().setRegex("a.*")))
        .addFilterState(
            FilterStateMatcher.newBuilder()
                .setKey("k")
                .setStringMatch(StringMatcher.newBuilder().setExact("v")));
    route.getRouteBuilder().setAutoHostRewrite(BoolValue.of(true)).setPrefixRewrite("/x");
    route.putTypedPerFilterConfig(
        "envoy.filters.http.local_ratelimit", Any.pack(LocalRateLimit.getDefaultInstance()));
    HttpSpec http = translate(manager(route).addHttpFilters(filter(Router.getDefaultInstance())));
    assertThat(problems.all()).isEmpty();
    RouteTable.Route read = http.routes().hosts().get(0).routes().get(0);
    assertThat(read.match().path()).isEqualTo(StringMatch.prefix("/"));
    assertThat(read.match().headers().get(0).name()).isEqualTo("x-kuma-tags");
    assertThat(read.match().state()).containsEntry("k", StringMatch.exact("v"));
    assertThat(read.limit()).isInstanceOf(RateLimit.class);
    assertThat(read.action())
        .isInstanceOfSatisfying(
            RouteAction.Forward.class,
            forward -> {
              assertThat(forward.timeout()).hasValue(java.time.Duration.ZERO);
              assertThat(forward.hostRewrite()).isEqualTo(new RouteAction.HostRewrite.OfEndpoint());
              assertThat(forward.prefixRewrite()).hasValue("/x");
            });
  }

  @Test
  void refusesEachThingByItsPath() {
    Route.Builder odd = route();
    odd.getMatchBuilder().setPathSeparatedPrefix("/a");
    odd.getRouteBuilder().setClusterHeader("h");
    odd.putTypedPerFilterConfig("x", Any.getDefaultInstance());
    HttpConnectionManager.Builder from =
        manager(odd)
            .setCodecType(HttpConnectionManager.CodecType.HTTP3)
            .addHttpFilters(filter(TlsInspector.getDefaultInstance()))
            .addHttpFilters(filter(ExtensionWithMatcher.getDefaultInstance()))
            .addHttpFilters(filter(RBAC.getDefaultInstance()));
    from.getCommonHttpProtocolOptionsBuilder().setMaxStreamDuration(Duration.getDefaultInstance());
    translate(from);
    String at = "Listener/l.route_config.virtual_hosts[0].routes[0].";
    assertThat(problems.all())
        .containsExactly(
            "Listener/l.codec_type: HTTP3 (expected: AUTO)",
            "Listener/l.common_http_protocol_options.max_stream_duration: set (expected: not set:"
                + " it is not supported for downstreams)",
            "Listener/l.http_filters[0].typed_config: type"
                + " envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector (expected:"
                + " router, rbac, fault, local_ratelimit or grpc_stats)",
            "Listener/l.http_filters[1].typed_config: no xds_matcher (expected: xds_matcher)",
            "Listener/l.http_filters[2]: f (expected: the router as the last)",
            at + "match: PATH_SEPARATED_PREFIX (expected: prefix, path or safe_regex)",
            at + "route: CLUSTER_HEADER (expected: cluster or weighted_clusters)",
            at
                + "typed_per_filter_config[x]: no typed_config (expected:"
                + " envoy.filters.http.local_ratelimit)");
  }

  @Test
  void refusesFaultsAndLimitsThatCannotBe() {
    HTTPFault.Builder fault = HTTPFault.newBuilder();
    fault.getAbortBuilder().setHttpStatus(99);
    fault.getDelayBuilder();
    LocalRateLimit.Builder limit = LocalRateLimit.newBuilder();
    limit.getTokenBucketBuilder().setFillInterval(Duration.newBuilder().setNanos(1_000_000));
    translate(
        manager(route())
            .addHttpFilters(filter(fault.build()))
            .addHttpFilters(filter(limit.build()))
            .addHttpFilters(filter(Router.getDefaultInstance())));
    String at = "Listener/l.http_filters";
    assertThat(problems.all())
        .containsExactly(
            at + "[0].typed_config.abort.http_status: 99 (expected: 200 to 599)",
            at + "[0].typed_config.delay: FAULTDELAYSECIFIER_NOT_SET (expected: fixed_delay)",
            at + "[1].typed_config.token_bucket.max_tokens: 0 (expected: 1 or more)",
            at + "[1].typed_config.token_bucket.fill_interval: PT0.001S (expected: 50ms or more)");
  }
}
