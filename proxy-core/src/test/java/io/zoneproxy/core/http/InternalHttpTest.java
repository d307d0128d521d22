package io.zoneproxy.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.RouteTable.Headers;
import io.zoneproxy.core.model.http.RouteTable.Route;
import io.zoneproxy.core.model.http.RouteTable.RouteMatch;
import io.zoneproxy.core.model.http.RouteTable.VirtualHost;
import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.core.model.policy.HeaderMatch;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.upstream.Cluster;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which chains are served inside the process, and where their requests go. */
class InternalHttpTest {
  /** None of these chains goes to a cluster. */
  private static Cluster noCluster(String name) {
    throw new AssertionError(name);
  }

  private static final Address METRICS = new Pipe("/run/kuma-mh-ingress-default.sock");
  private static final Address ELSEWHERE = new HostPort("192.0.2.1", 80);
  private static final HttpService ECHO =
      request ->
          CompletableFuture.completedFuture(
              Answer.text(Answer.OK, request.method() + " " + request.uri()));

  @Test
  void aPrefixIsRewrittenAndTheQueryStays() {
    InternalRoutes routes = routes(forward("/metrics", "/meshmetric"));

    assertThat(ask(routes, "/metrics?usedonly")).isEqualTo("200 GET /meshmetric?usedonly");
    assertThat(ask(routes, "/metrics/x")).isEqualTo("200 GET /meshmetric/x");
    assertThat(ask(routes, "/metric")).isEqualTo("404 ");
    assertThat(ask(routes, "/?/metrics")).isEqualTo("404 ");
    assertThat(ask(routes, "http://x/metrics")).isEqualTo("400 ");
  }

  @Test
  void theDynamicConfigurationIsSentOnlyWhenItIsNew() {
    RouteMatch path = path("/meshmetric");
    RouteMatch known =
        new RouteMatch(
            path.path(),
            List.of(new HeaderMatch("if-none-match", Optional.of(StringMatch.exact("abc")), false)),
            Map.of());
    Headers etag =
        new Headers(
            List.of(), List.of(), List.of(new HeaderChange("Etag", "abc", true)), List.of());
    InternalRoutes routes =
        routes(
            new Route("", known, new RouteAction.Answer(304, ""), Headers.NONE, HttpFilter.OFF),
            new Route("", path, new RouteAction.Answer(200, "{}"), etag, HttpFilter.OFF));

    assertThat(ask(routes, "/meshmetric")).isEqualTo("200 {}");
    assertThat(ask(routes, "/meshmetric", "if-none-match", "old")).isEqualTo("200 {}");
    assertThat(ask(routes, "/meshmetric", "If-None-Match", "abc")).isEqualTo("304 ");
    assertThat(ask(routes, "/meshmetric/")).isEqualTo("404 ");
    assertThat(answer(routes, "/meshmetric").headers().get("etag")).isEqualTo("abc");
    assertThat(answer(routes, "/meshmetric").headers().get("content-type")).isEqualTo("text/plain");
  }

  @Test
  void expressionsLookAtAllOfAPathOrHeader() {
    HeaderMatch tags =
        new HeaderMatch("x-kuma-tags", Optional.of(regex(".*&kuma.io/service=[^&]*web&.*")), false);
    RouteMatch match = new RouteMatch(regex("/a/[0-9]+"), List.of(tags), Map.of());
    RouteAction action = forward("/", "/x").action();
    InternalRoutes routes = routes(new Route("", match, action, Headers.NONE, HttpFilter.OFF));

    assertThat(ask(routes, "/a/12?q", "x-kuma-tags", "&kuma.io/service=web&"))
        .isEqualTo("200 GET /x?q");
    assertThat(ask(routes, "/a/12", "x-kuma-tags", "&kuma.io/service=api&")).isEqualTo("404 ");
    assertThat(ask(routes, "/a/12/b", "x-kuma-tags", "&kuma.io/service=web&")).isEqualTo("404 ");
    assertThat(ask(routes, "/a/12")).isEqualTo("404 ");
  }

  @Test
  void aRouteWithABrokenExpressionIsNotServed() {
    RouteMatch broken = new RouteMatch(regex("(/"), List.of(), Map.of());
    Route route =
        new Route("", broken, new RouteAction.Answer(200, ""), Headers.NONE, HttpFilter.OFF);
    ChainSpec chain =
        new ChainSpec(
            "",
            "",
            TransportProtocol.ANY,
            Optional.empty(),
            List.of(),
            new Terminal.HttpProxy(http(table(route))));
    InternalHttp engine =
        new InternalHttp(
            (tls, secrets) -> new ChainEngine.Unavailable("no TLS"), parts(), ChainEngine.NONE);

    assertThat(
            engine.engine(
                new ListenerSpec("l", METRICS, List.of(chain)),
                chain,
                ProxySnapshot.EMPTY,
                InternalHttpTest::noCluster))
        .isInstanceOfSatisfying(
            ChainEngine.Unsupported.class,
            refused -> assertThat(refused.why()).startsWith("regular expression (/ (expected:"));
  }

  private static StringMatch regex(String expression) {
    return new StringMatch(StringMatch.Kind.REGEX, expression, false);
  }

  @Test
  void theFirstRouteThatFitsCounts() {
    Route ready = direct("/ready", "first");
    InternalRoutes routes = routes(ready, direct("/ready", "second"), forward("/", "/"));

    assertThat(ask(routes, "/ready")).isEqualTo("200 first");
    assertThat(ask(routes, "/stats?x=1")).isEqualTo("200 GET /stats?x=1");
  }

  @Test
  void theMostSpecificHostCounts() {
    RouteTable table =
        new RouteTable(
            "",
            List.of(
                new VirtualHost("any", List.of("*"), List.of(direct("/", "any"))),
                new VirtualHost("suffix", List.of("*.mesh"), List.of(direct("/", "suffix"))),
                new VirtualHost("prefix", List.of("a.*"), List.of(direct("/", "prefix"))),
                new VirtualHost("exact", List.of("a.mesh"), List.of(direct("/", "exact")))),
            Headers.NONE);
    InternalRoutes routes = InternalRoutes.of(http(table), clusters(), parts()).orElseThrow();

    assertThat(ask(routes, "/", "host", "A.mesh")).isEqualTo("200 exact");
    assertThat(ask(routes, "/", "host", "b.a.mesh")).isEqualTo("200 suffix");
    assertThat(ask(routes, "/", "host", "a.b")).isEqualTo("200 prefix");
    assertThat(ask(routes, "/", "host", "b")).isEqualTo("200 any");
    assertThat(ask(routes, "/")).isEqualTo("200 any");
  }

  @Test
  void whatLeadsElsewhereOrHasAPolicyIsNotServed() {
    Headers broken =
        new Headers(
            List.of(), List.of(), List.of(new HeaderChange("a", "b\r\nc", true)), List.of());
    RouteMatch state =
        new RouteMatch(StringMatch.prefix("/"), List.of(), Map.of("k", StringMatch.exact("v")));
    RouteAction ok = new RouteAction.Answer(200, "");

    for (Route route :
        List.of(
            forward("/", "/", "elsewhere"),
            forward("/", "/", "both"),
            forward("/", "/", "nobody"),
            forward("/", "/", "unknown"),
            new Route("", path("/"), ok, broken, HttpFilter.OFF),
            new Route("", path("/"), new RouteAction.Answer(99, ""), Headers.NONE, HttpFilter.OFF),
            new Route("", path("/"), ok, Headers.NONE, new HttpFilter.GrpcStats()),
            new Route("", state, ok, Headers.NONE, HttpFilter.OFF))) {
      assertThat(InternalRoutes.of(http(table(direct("/a", "a"), route)), clusters(), parts()))
          .as(route.toString())
          .isEmpty();
    }
    ChainSpec filtered =
        new ChainSpec(
            "",
            "",
            TransportProtocol.ANY,
            Optional.empty(),
            List.of(new NetworkFilter.SetFilterState("k", "v")),
            new Terminal.HttpProxy(http(table(direct("/", "a")))));
    ListenerSpec listener = new ListenerSpec("l", METRICS, List.of(filtered));
    InternalHttp engine =
        new InternalHttp(
            (tls, secrets) -> new ChainEngine.Unavailable("no TLS"), parts(), ChainEngine.NONE);

    assertThat(engine.engine(listener, filtered, ProxySnapshot.EMPTY, InternalHttpTest::noCluster))
        .isEqualTo(new ChainEngine.Unsupported("HttpProxy: not supported yet"));
  }

  private static String ask(InternalRoutes routes, String uri, String... header) {
    Answer answer = answer(routes, uri, header);
    return answer.status()
        + " "
        + answer.slice(0, answer.length()).toString(StandardCharsets.UTF_8);
  }

  private static Answer answer(InternalRoutes routes, String uri, String... header) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (header.length > 0) {
      headers.set(header[0], header[1]);
    }
    return routes.answer(new Request(HttpMethod.GET, uri, headers)).toCompletableFuture().join();
  }

  private static InternalRoutes routes(Route... routes) {
    return InternalRoutes.of(http(table(routes)), clusters(), parts()).orElseThrow();
  }

  private static Map<Address, HttpService> parts() {
    return Map.of(METRICS, ECHO);
  }

  private static Map<String, ClusterSpec> clusters() {
    return Map.of(
        "own", cluster("own", METRICS),
        "elsewhere", cluster("elsewhere", ELSEWHERE),
        "both", cluster("both", METRICS, ELSEWHERE),
        "nobody", cluster("nobody"));
  }

  private static ClusterSpec cluster(String name, Address... addresses) {
    List<EndpointSpec> endpoints =
        List.of(addresses).stream().map(each -> new EndpointSpec(each, 1, Map.of())).toList();
    return new ClusterSpec(
        name,
        List.of(new LocalityEndpoints(Locality.ofZone("z"), 0, endpoints)),
        ClusterPolicy.DEFAULT);
  }

  private static RouteTable table(Route... routes) {
    return new RouteTable(
        "", List.of(new VirtualHost("h", List.of("*"), List.of(routes))), Headers.NONE);
  }

  private static HttpSpec http(RouteTable table) {
    HttpTimeouts timeouts =
        new HttpTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    return new HttpSpec(
        "h",
        timeouts,
        List.of(new HttpFilter.Router()),
        table,
        List.of(),
        List.of(),
        Optional.empty());
  }

  private static RouteMatch path(String path) {
    return new RouteMatch(StringMatch.exact(path), List.of(), Map.of());
  }

  private static Route direct(String prefix, String body) {
    return new Route(
        "",
        new RouteMatch(StringMatch.prefix(prefix), List.of(), Map.of()),
        new RouteAction.Answer(200, body),
        Headers.NONE,
        HttpFilter.OFF);
  }

  private static Route forward(String prefix, String rewrite) {
    return forward(prefix, rewrite, "own");
  }

  private static Route forward(String prefix, String rewrite, String cluster) {
    RouteAction action =
        new RouteAction.Forward(
            new Destination.ToCluster(cluster, Map.of()),
            Optional.empty(),
            Optional.empty(),
            new RouteAction.HostRewrite.Keep(),
            Optional.of(rewrite),
            List.of());
    return new Route(
        "",
        new RouteMatch(StringMatch.prefix(prefix), List.of(), Map.of()),
        action,
        Headers.NONE,
        HttpFilter.OFF);
  }
}
