package io.zoneproxy.ingress.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ListenerSpec.Peeking;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.balance.SubsetPolicy;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.ingress.ZoneProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainTest {
  private static final Map<String, String> V1 = Map.of("version", "v1");
  private static final Map<String, String> V2 = Map.of("version", "v2");

  @Test
  void aKnownNameShowsItsEndpointsWithTheirShareOfThePriority() {
    Explanation explanation = Explain.explain(snapshot(), "Backend{mesh=default}");
    assertThat(explanation.isKnown()).isTrue();
    assertThat(explanation.nearest()).isEmpty();
    assertThat(explanation.routes()).hasSize(1);
    assertThat(explanation.routes().get(0).endpoints())
        .containsExactly(
            new Explanation.Endpoint(new HostPort("10.20.0.254", 20001), "zone-2", 0, 3, 75.0),
            new Explanation.Endpoint(new HostPort("2001:db8::4", 20001), "zone-4", 0, 1, 25.0),
            new Explanation.Endpoint(new HostPort("10.30.0.254", 30001), "zone-3", 1, 3, 100.0));
  }

  @Test
  void aSubsetShowsItsOwnEndpointsOnly() {
    Explanation explanation = Explain.explain(snapshot(), "backend{mesh=default,version=v2}");
    assertThat(explanation.routes().get(0).subset()).isEqualTo(V2);
    assertThat(explanation.routes().get(0).endpoints())
        .extracting(Explanation.Endpoint::percent)
        .containsExactly(50.0, 50.0, 100.0);
  }

  @Test
  void theTextIsATable() {
    assertThat(Explain.explain(snapshot(), "backend{mesh=default,version=v2}").text())
        .isEqualTo(
            """
            backend{mesh=default,version=v2}
              listener  inbound:10.9.0.1:10002 at 10.9.0.1:10002
              chain     backend{mesh=default,version=v2}
              cluster   default:backend
              subset    version=v2
              endpoints
                address              zone    priority    weight   share
                10.20.0.254:20001    zone-2         0         1   50.0%
                [2001:db8::4]:20001  zone-4         0         1   50.0%
                10.30.0.254:30001    zone-3         1         3  100.0%
            """);
  }

  @Test
  void anUnknownNameShowsTheNearest() {
    Explanation explanation = Explain.explain(snapshot(), "backnd{mesh=default}");
    assertThat(explanation.isKnown()).isFalse();
    assertThat(explanation.text())
        .startsWith(
            """
            no listener takes "backnd{mesh=default}"
              did you mean
                backend{mesh=default}
            """);
    assertThat(Explain.explain(snapshot(), "www.example.com").text())
        .isEqualTo("no listener takes \"www.example.com\"\n");
  }

  @Test
  void aServerNameCannotWriteToTheTerminal() {
    assertThat(Explain.explain(snapshot(), "x\u001b[2Jy\r\n").text())
        .isEqualTo("no listener takes \"x\\x1B[2Jy\\x0D\\x0A\"\n");
  }

  @Test
  void aClusterWithoutEndpointsSaysWhatHappens() {
    Explanation explanation = Explain.explain(snapshot(), "empty{mesh=default}");
    assertThat(explanation.isKnown()).isTrue();
    assertThat(explanation.text())
        .contains("subset    any endpoint\n  endpoints none: connections are closed\n");
  }

  @Test
  void theNameItselfWinsOverSuffixesAndTheLongestOfThoseOverTheRest() {
    ProxySnapshot snapshot =
        new ProxySnapshot(
            List.of(
                listener(
                    "l",
                    chain("", "rest"),
                    chain("*.b.c", "long"),
                    chain("*.c", "short"),
                    chain("a.b.c", "exact"))),
            Map.of(
                "rest",
                empty("rest"),
                "long",
                empty("long"),
                "short",
                empty("short"),
                "exact",
                empty("exact")));
    assertThat(cluster(snapshot, "A.b.c")).isEqualTo("exact");
    assertThat(cluster(snapshot, "x.b.c")).isEqualTo("long");
    assertThat(cluster(snapshot, "x.c")).isEqualTo("short");
    assertThat(cluster(snapshot, "b.d")).isEqualTo("rest");
    assertThat(cluster(snapshot, "")).isEqualTo("rest");
    assertThat(Explain.explain(snapshot, "").text())
        .startsWith("(no SNI)\n")
        .contains("chain     (takes every other name)");
  }

  @Test
  void everyListenerThatTakesTheNameIsShown() {
    ProxySnapshot snapshot =
        new ProxySnapshot(
            List.of(listener("one", chain("a", "c")), listener("two", chain("a", "c"))),
            Map.of("c", empty("c")));
    assertThat(Explain.explain(snapshot, "a").routes())
        .extracting(Explanation.Route::listener)
        .containsExactly("one", "two");
  }

  @Test
  void theTreeHoldsTheSame() {
    Map<String, Object> tree =
        Explain.explain(snapshot(), "backend{mesh=default,version=v1}").tree();
    assertThat(tree).containsOnlyKeys("sni", "known", "served", "routes", "nearest");
    assertThat(tree).containsEntry("known", true).containsEntry("nearest", List.of());
    Map<String, Object> endpoint =
        Map.of(
            "address",
            "10.20.0.254:20001",
            "zone",
            "zone-2",
            "priority",
            0,
            "weight",
            2,
            "percent",
            100.0);
    Map<String, Object> target =
        Map.of(
            "cluster",
            "default:backend",
            "percent",
            100.0,
            "subset",
            V1,
            "notes",
            List.of(),
            "endpoints",
            List.of(endpoint));
    assertThat(tree)
        .containsEntry(
            "routes",
            List.of(
                Map.ofEntries(
                    Map.entry("listener", "inbound:10.9.0.1:10002"),
                    Map.entry("address", "10.9.0.1:10002"),
                    Map.entry("chain", "backend{mesh=default,version=v1}"),
                    Map.entry("cluster", "default:backend"),
                    Map.entry("subset", V1),
                    Map.entry("endpoints", List.of(endpoint)),
                    Map.entry("name", ""),
                    Map.entry("action", "passthrough"),
                    Map.entry("reason", ""),
                    Map.entry("filters", List.of()),
                    Map.entry("targets", List.of(target)))));
  }

  @Test
  void weightedClustersHaveTheirShares() {
    Destination.Split split =
        new Destination.Split(
            List.of(
                new Destination.Share(new Destination.ToCluster("c", Map.of()), 3),
                new Destination.Share(new Destination.ToCluster("d", Map.of()), 1)));
    String text = explain(Terminal.TcpProxy.to(split), List.of()).text();
    assertThat(text).contains("cluster   c 75.0%\n").contains("cluster   d 25.0%\n");
    assertThat(text).doesNotContain("action");
  }

  @Test
  void whatDoesNotRelayIsSaid() {
    assertThat(explain(new Terminal.Refusal("cluster c: has not been sent"), List.of()).text())
        .contains("  action    refused: cluster c: has not been sent\n")
        .doesNotContain("cluster   ");
    assertThat(explain(new Terminal.DirectResponse("no service"), List.of()).text())
        .contains("  action    direct-response\n");
  }

  @Test
  void aRunningProxySaysOnceThatAChainRefuses() {
    ChainSpec refuses =
        new ChainSpec(
            "",
            "a.example",
            TransportProtocol.TLS,
            Optional.empty(),
            List.of(),
            new Terminal.Refusal("cluster c: has not been sent"));
    try (ZoneProxy proxy = ZoneProxy.builder().concurrency(1).startEmpty()) {
      ListenerSpec listener =
          new ListenerSpec(
              "l", new HostPort("127.0.0.1", 0), Peeking.CLIENT_HELLO, List.of(refuses));
      proxy.apply(new ProxySnapshot(List.of(listener), Map.of()));
      assertThat(Explain.explain(proxy.view(), Question.about("a.example")).text())
          .contains("  action    refused: cluster c: has not been sent\n");
    }
  }

  @Test
  void aNameThatEveryChainRefusesIsKnownAndNotServed() {
    Explanation refused = explain(new Terminal.Refusal("cluster c: has not been sent"), List.of());
    assertThat(refused.isKnown()).isTrue();
    assertThat(refused.isServed()).isFalse();
    assertThat(refused.tree()).containsEntry("known", true).containsEntry("served", false);
    assertThat(explain(new Terminal.DirectResponse("x"), List.of()).isServed()).isTrue();
    assertThat(Explain.explain(snapshot(), "www.example.com").isServed()).isFalse();
  }

  @Test
  void whoDecidesIsNamed() {
    NetworkFilter rbac =
        new NetworkFilter.Rbac(
            new RbacSpec(
                Optional.of(
                    new RbacSpec.Rules(
                        RbacSpec.Action.ALLOW,
                        List.of(new RbacSpec.Policy("allow-all", List.of(), List.of())))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    NetworkFilter limit =
        new NetworkFilter.RateLimit(new TokenBucket(10, 5, Duration.ofSeconds(1)));
    Terminal relay = Terminal.TcpProxy.to(new Destination.ToCluster("c", Map.of()));
    assertThat(explain(relay, List.of(rbac, limit)).text())
        .contains("  filter    permissions: allow allow-all\n")
        .contains("  filter    rate limit: 10 connections, 5 more every 1000 ms\n");
  }

  @Test
  void limitsOfRoutesAreSaidWithThoseWhomTheyAreFor() {
    HttpFilter one = limit(Optional.of(new TokenBucket(1, 1, Duration.ofSeconds(2))));
    HttpFilter all = limit(Optional.of(new TokenBucket(5, 5, Duration.ofSeconds(2))));
    RouteTable.VirtualHost host =
        new RouteTable.VirtualHost(
            "",
            List.of("*"),
            List.of(
                limited(Map.of("caller", StringMatch.exact("spiffe://a/b")), one),
                limited(Map.of("caller", StringMatch.prefix("spiffe://a/")), HttpFilter.OFF),
                limited(Map.of(), all)));
    HttpSpec http =
        new HttpSpec(
            "",
            new HttpTimeouts(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            List.of(limit(Optional.empty()), new HttpFilter.Router()),
            new RouteTable("", List.of(host), RouteTable.Headers.NONE),
            List.of(),
            List.of(),
            Optional.empty());
    assertThat(explain(new Terminal.HttpProxy(http), List.of()).text())
        .containsSubsequence(
            "  filter    rate limit: 1 requests, 1 more every 2000 ms, if caller is spiffe://a/b\n",
            "  filter    rate limit: 5 requests, 5 more every 2000 ms\n");
  }

  private static HttpFilter limit(Optional<TokenBucket> bucket) {
    return new HttpFilter.RateLimit(bucket, 429, List.of(), Fraction.ALL, Fraction.ALL);
  }

  private static RouteTable.Route limited(Map<String, StringMatch> callers, HttpFilter limit) {
    return new RouteTable.Route(
        "",
        new RouteTable.RouteMatch(StringMatch.prefix("/"), List.of(), callers),
        new RouteAction.Forward(
            new Destination.ToCluster("c", Map.of()),
            Optional.empty(),
            Optional.empty(),
            new RouteAction.HostRewrite.OfEndpoint(),
            Optional.empty(),
            List.of()),
        RouteTable.Headers.NONE,
        limit);
  }

  @Test
  void whatAnswersEverybodyMakesNoNameKnown() {
    ChainSpec rest =
        new ChainSpec(
            "",
            "",
            TransportProtocol.ANY,
            Optional.empty(),
            List.of(),
            new Terminal.DirectResponse("no service"));
    ProxySnapshot snapshot =
        new ProxySnapshot(List.of(listener("admin", rest), listener("l")), Map.of());
    assertThat(Explain.explain(snapshot, "nobody").isKnown()).isFalse();
    assertThat(Explain.explain(snapshot, "").isKnown()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "this proxy itself listens there, not dialed: this proxy itself listens there",
    "'', name not resolved"
  })
  void anEndpointThatIsNotDialedHasItsReason(String barred, String said) {
    HostPort address = new HostPort("a.example", 80);
    ClusterSpec cluster =
        new ClusterSpec(
            "c", List.of(locality("", 0, new EndpointSpec(address, 1, V1))), ClusterPolicy.DEFAULT);
    EndpointStatus status =
        new EndpointStatus(
            address,
            Locality.ofZone(""),
            0,
            1,
            false,
            0,
            0,
            0,
            Set.of(),
            "",
            Optional.empty(),
            barred);
    Targets targets =
        new Targets(
            new ProxySnapshot(List.of(), Map.of("c", cluster)),
            Map.of("c", new ClusterStatus("c", "c", List.of(status), null)));
    assertThat(
            targets
                .of(Terminal.TcpProxy.to(new Destination.ToCluster("c", Map.of())))
                .get(0)
                .endpoints())
        .extracting(Explanation.Endpoint::unhealthy)
        .containsExactly(said);
  }

  @Test
  void aSubsetThatFallsBackSaysSo() {
    ClusterPolicy plain = ClusterPolicy.DEFAULT;
    SubsetPolicy subsets =
        new SubsetPolicy(
            SubsetPolicy.Fallback.NO_ENDPOINT,
            List.of(
                new SubsetPolicy.Selector(Set.of("version"), SubsetPolicy.Fallback.ANY_ENDPOINT)));
    ClusterPolicy policy =
        new ClusterPolicy(
            plain.connectTimeout(),
            new Balancing.LeastRequest(2, 1),
            plain.spread(),
            subsets,
            CircuitBreakers.ENVOY,
            plain.outliers(),
            plain.healthCheck(),
            plain.http(),
            plain.tls(),
            plain.dns());
    EndpointSpec endpoint =
        new EndpointSpec(new HostPort("10.20.0.254", 1), 1, false, V1, Map.of());
    ProxySnapshot snapshot =
        new ProxySnapshot(
            List.of(listener("l", ChainSpec.passthrough("a", "c", V2))),
            Map.of("c", new ClusterSpec("c", List.of(locality("z", 0, endpoint)), policy)));
    assertThat(Explain.explain(snapshot, "a").text())
        .contains("note      balancing least request of 2\n")
        .contains("note      limits 1024 connections, 1024 pending, 1024 requests, 3 retries\n")
        .contains("note      no endpoint carries the subset: any endpoint is chosen (fallback)\n")
        .containsPattern("10\\.20\\.0\\.254:1 .*100\\.0%  failed_eds_health\n");
  }

  @Test
  void whatIsWrittenOfConnectionsIsSaid() {
    LogFormat line = new LogFormat.Text("x\n");
    LogFormat forwarded =
        new LogFormat.Json(
            Map.of("address", new LogFormat.Text("logs:5000"), "message", line), false);
    Predicate.Single is = new Predicate.Single(Predicate.Input.URI_SAN, StringMatch.exact("b"));
    TcpOptions options =
        new TcpOptions(
            Optional.empty(),
            List.of(),
            List.of(
                new AccessLogSpec(
                    new LogTarget.File("/tmp/a", line),
                    Optional.of(new LogFilter.Expression("some == \"b\"", is))),
                new AccessLogSpec(
                    new LogTarget.File("kuma-al-a-b.sock", forwarded), Optional.empty()),
                new AccessLogSpec(
                    new LogTarget.OpenTelemetry("otel", "l", Optional.empty(), Map.of(), Map.of()),
                    Optional.empty())),
            true);
    Terminal end = new Terminal.TcpProxy(new Destination.ToCluster("c", Map.of()), options);
    assertThat(explain(end, List.of()).text())
        .contains("filter    access log: to /tmp/a, if some == \"b\"\n")
        .contains("filter    access log: to tcp://logs:5000\n")
        .contains("filter    access log: to cluster otel\n");
  }

  private static Explanation explain(Terminal end, List<NetworkFilter> filters) {
    ChainSpec chain = new ChainSpec("", "a", TransportProtocol.TLS, Optional.empty(), filters, end);
    return Explain.explain(
        new ProxySnapshot(List.of(listener("l", chain)), Map.of("c", empty("c"), "d", empty("d"))),
        "a");
  }

  private static String cluster(ProxySnapshot snapshot, String serverName) {
    return Explain.explain(snapshot, serverName).routes().get(0).cluster();
  }

  private static ProxySnapshot snapshot() {
    ClusterSpec backend =
        new ClusterSpec(
            "default:backend",
            List.of(
                locality("zone-3", 1, new EndpointSpec(new HostPort("10.30.0.254", 30001), 3, V2)),
                locality(
                    "zone-2",
                    0,
                    new EndpointSpec(new HostPort("10.20.0.254", 20001), 2, V1),
                    new EndpointSpec(new HostPort("10.20.0.254", 20001), 1, V2)),
                locality("zone-4", 0, new EndpointSpec(new HostPort("2001:db8::4", 20001), 1, V2))),
            ClusterPolicy.DEFAULT);
    return new ProxySnapshot(
        List.of(
            listener(
                "inbound:10.9.0.1:10002",
                chain("backend{mesh=default}", "default:backend"),
                ChainSpec.passthrough("backend{mesh=default,version=v1}", "default:backend", V1),
                ChainSpec.passthrough("backend{mesh=default,version=v2}", "default:backend", V2),
                chain("empty{mesh=default}", "default:empty"))),
        Map.of("default:backend", backend, "default:empty", empty("default:empty")));
  }

  private static LocalityEndpoints locality(String zone, int priority, EndpointSpec... endpoints) {
    return new LocalityEndpoints(Locality.ofZone(zone), priority, List.of(endpoints));
  }

  private static ListenerSpec listener(String name, ChainSpec... chains) {
    return new ListenerSpec(name, new HostPort("10.9.0.1", 10002), List.of(chains));
  }

  private static ChainSpec chain(String serverName, String cluster) {
    return ChainSpec.passthrough(serverName, cluster, Map.of());
  }

  private static ClusterSpec empty(String name) {
    return new ClusterSpec(name, List.of(), ClusterPolicy.DEFAULT);
  }
}
