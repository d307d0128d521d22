package io.zoneproxy.core.forward;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.admin.metric.ServerInfo;
import io.zoneproxy.core.admin.stats.PrometheusText;
import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.DrainConfig;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.config.RemovalPolicy;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.RouteTable.Headers;
import io.zoneproxy.core.model.http.RouteTable.Route;
import io.zoneproxy.core.model.http.RouteTable.RouteMatch;
import io.zoneproxy.core.model.http.RouteTable.VirtualHost;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.observe.ClusterStatus.EndpointStatus;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.relay.LinePeek;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.relay.RelayKind;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.runtime.ProxyRuntime;
import io.zoneproxy.core.trace.Tracers;
import io.zoneproxy.core.upstream.Cluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A proxy whose one chain speaks HTTP without TLS; a test says what is special about it. */
final class HttpProxyFixture implements AutoCloseable {
  private static final ClientTls TLS =
      new ClientTls("", List.of(), Optional.empty(), TlsVersions.DEFAULT, List.of(), false);

  final HttpStatsTable stats = new HttpStatsTable();
  final BlockingQueue<RequestRecord> records = new LinkedBlockingQueue<>();
  HttpTimeouts timeouts =
      new HttpTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  List<HttpFilter> filters = List.of(new HttpFilter.Router());
  Optional<Duration> timeout = Optional.of(Duration.ZERO);
  HttpUpstream upstream = HttpUpstream.DEFAULT;
  Balancing balancing = Balancing.ROUND_ROBIN;
  CircuitBreakers limits = CircuitBreakers.NONE;
  Headers headers = Headers.NONE;
  List<AccessLogSpec> accessLogs = List.of();
  Optional<String> prefixRewrite = Optional.empty();
  String path = "/";
  List<HashPolicy> hash = List.of();
  RouteAction.HostRewrite hostRewrite = new RouteAction.HostRewrite.Keep();

  Map<String, ClusterSpec> others = Map.of();
  Optional<TracingSpec> tracing = Optional.empty();
  Tracers tracers = Tracers.UNREPORTED;

  /** Stands for TLS that is begun towards the upstream; null = none is. */
  @Nullable Consumer<Channel> beginsTls;

  private final Relay relay = RelayKind.PORTABLE.make();
  private final EventLoopGroup loops = relay.loops(1, "test-io");
  private final EventLoopGroup control = Transport.loops(1, "test-control");
  private final HttpEngine engine =
      new HttpEngine(
          (tls, secrets) -> new ChainEngine.Unavailable("no TLS here"),
          (tls, secrets) ->
              new ChainEngine.Handlers(
                  channel -> Objects.requireNonNull(this.beginsTls).accept(channel)),
          Duration.ofSeconds(5),
          3,
          records::add,
          stats,
          (spec, counts) -> tracers.of(spec, counts));
  private final ProxyRuntime proxy =
      new ProxyRuntime(
          new ProxyConfig(
              HelloLimits.DEFAULT,
              RelayConfig.DEFAULT,
              ConnectionLimits.of(1000),
              new DrainConfig(Duration.ofHours(1), Duration.ZERO),
              RemovalPolicy.DRAIN),
          new ProxyRuntime.DataPath(relay, LinePeek::new, engine),
          loops,
          control.next(),
          record -> {},
          new ServerStats());

  /** Begins to serve, with these endpoints. */
  InetSocketAddress serve(HostPort... endpoints) throws Exception {
    List<EndpointSpec> specs = new ArrayList<>();
    for (HostPort endpoint : endpoints) {
      specs.add(new EndpointSpec(endpoint, 1, Map.of()));
    }
    ClusterPolicy plain = ClusterPolicy.DEFAULT;
    ClusterPolicy policy =
        new ClusterPolicy(
            plain.connectTimeout(),
            balancing,
            plain.spread(),
            plain.subsets(),
            limits,
            plain.outliers(),
            plain.healthCheck(),
            upstream,
            beginsTls == null ? List.of() : List.of(new TlsChoice(Map.of(), Optional.of(TLS))),
            plain.dns());
    ClusterSpec cluster =
        new ClusterSpec(
            "outside", List.of(new LocalityEndpoints(Locality.ofZone(""), 0, 1, specs)), policy);
    return serve(new Terminal.HttpProxy(http()), cluster);
  }

  /** The service is gone: its chain refuses connections. */
  void remove() throws Exception {
    serve(
        new Terminal.Refusal("gone"), new ClusterSpec("outside", List.of(), ClusterPolicy.DEFAULT));
  }

  private InetSocketAddress serve(Terminal end, ClusterSpec cluster) throws Exception {
    ChainSpec chain =
        new ChainSpec("outside", "", TransportProtocol.ANY, Optional.empty(), List.of(), end);
    Map<String, ClusterSpec> clusters = new HashMap<>(others);
    clusters.put("outside", cluster);
    proxy.apply(
        new ProxySnapshot(
            List.of(new ListenerSpec("egress", new HostPort("127.0.0.1", 0), List.of(chain))),
            clusters));
    return proxy.listeners().get(0).address();
  }

  private HttpSpec http() {
    Route route =
        new Route(
            "all",
            new RouteMatch(StringMatch.prefix(path), List.of(), Map.of()),
            new RouteAction.Forward(
                new Destination.ToCluster("outside", Map.of()),
                timeout,
                Optional.empty(),
                hostRewrite,
                prefixRewrite,
                hash),
            Headers.NONE,
            HttpFilter.OFF);
    return new HttpSpec(
        "outside",
        timeouts,
        filters,
        new RouteTable(
            "outside", List.of(new VirtualHost("outside", List.of("*"), List.of(route))), headers),
        List.of(),
        accessLogs,
        tracing);
  }

  /** The first endpoint of the first cluster, as the admin port shows it. */
  EndpointStatus endpoint() {
    return proxy.clusters().get(0).endpoints().get(0);
  }

  /** What statistics say of it: names with labels, and values. */
  Map<String, Long> series() {
    ServerInfo info = new ServerInfo("1.2.3", 1, Instant.now()).withHttp(stats);
    Map<String, Long> values = new HashMap<>();
    PrometheusText.of(proxy, info, false)
        .toString()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              values.put(line.substring(0, end), Long.parseLong(line.substring(end + 1)));
            });
    return values;
  }

  RequestRecord record() throws InterruptedException {
    RequestRecord record = records.poll(20, TimeUnit.SECONDS);
    if (record == null) {
      throw new AssertionError("no record");
    }
    return record;
  }

  /** A running cluster. */
  @Nullable Cluster cluster(String name) {
    return proxy.cluster(name);
  }

  void drain() {
    engine.onDrain();
  }

  long accepted() {
    return proxy.server().connections.sum();
  }

  int openConnections() {
    return proxy.openConnections();
  }

  @Override
  public void close() {
    proxy.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    control.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
