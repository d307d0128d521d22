package io.zoneproxy.cp.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.translate.value.FieldGate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AssemblerTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<ProxySnapshot> published = new LinkedBlockingQueue<>();
  private final ResourceStore store = new ResourceStore();

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private Assembler assembler(Duration warming) {
    return new Assembler(
        FieldGate.OPEN, store, new Timing(Duration.ofMillis(1), warming), executor, published::add);
  }

  private ProxySnapshot next() throws InterruptedException {
    ProxySnapshot next = published.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  /** Whatever was to be published before has been, for the executor has one thread. */
  private void nothingMore(Assembler assembler) throws Exception {
    Notices before = assembler.notices();
    assertThat(before).isNotNull();
    executor.schedule(() -> {}, 100, TimeUnit.MILLISECONDS).get(20, TimeUnit.SECONDS);
    assertThat(published).isEmpty();
  }

  private static void nothingToSay(Notices notices) {
    assertThat(notices.secrets()).isEmpty();
    assertThat(notices.warming()).isEmpty();
    assertThat(notices.missing()).isEmpty();
    assertThat(notices.problems()).isEmpty();
    assertThat(notices.notes()).isEmpty();
  }

  private static RawResource raw(ResourceType type, Message message) {
    try {
      return RawResource.of(type, "1", message.toByteString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void update(Assembler assembler, ResourceType type, Message... messages) {
    List<RawResource> changed = new ArrayList<>();
    for (Message message : messages) {
      changed.add(raw(type, message));
    }
    assertThat(assembler.onUpdate(type, changed, List.of())).isEmpty();
  }

  private static ConfigSource ads() {
    return ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()).build();
  }

  private static Cluster eds(String name) {
    return Cluster.newBuilder()
        .setName(name)
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ads()))
        .build();
  }

  private static Address address(String host, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
        .build();
  }

  private static ClusterLoadAssignment assignment(String name, int port) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(name)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(
                    LbEndpoint.newBuilder()
                        .setEndpoint(Endpoint.newBuilder().setAddress(address("10.0.0.1", port)))))
        .build();
  }

  private static FilterChain chain(String sni, String cluster) {
    return FilterChain.newBuilder()
        .setFilterChainMatch(
            FilterChainMatch.newBuilder().addServerNames(sni).setTransportProtocol("tls"))
        .addFilters(
            Filter.newBuilder()
                .setTypedConfig(
                    Any.pack(TcpProxy.newBuilder().setStatPrefix("s").setCluster(cluster).build())))
        .build();
  }

  /** A chain with a route to each cluster. */
  private static FilterChain http(String sni, String... clusters) {
    VirtualHost.Builder host = VirtualHost.newBuilder().setName("all").addDomains("*");
    for (String cluster : clusters) {
      host.addRoutes(
          Route.newBuilder()
              .setMatch(RouteMatch.newBuilder().setPrefix("/" + cluster))
              .setRoute(RouteAction.newBuilder().setCluster(cluster)));
    }
    HttpConnectionManager manager =
        HttpConnectionManager.newBuilder()
            .setStatPrefix("s")
            .setRouteConfig(RouteConfiguration.newBuilder().addVirtualHosts(host))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("envoy.filters.http.router")
                    .setTypedConfig(Any.pack(Router.getDefaultInstance())))
            .build();
    return chain(sni, "a").toBuilder()
        .clearFilters()
        .addFilters(Filter.newBuilder().setTypedConfig(Any.pack(manager)))
        .build();
  }

  private static Listener listener(FilterChain... chains) {
    return Listener.newBuilder()
        .setName("l")
        .setAddress(address("127.0.0.1", 10001))
        .addAllFilterChains(List.of(chains))
        .build();
  }

  private static Listener terminating(String secret) {
    DownstreamTlsContext context =
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .addTlsCertificateSdsSecretConfigs(
                        SdsSecretConfig.newBuilder().setName(secret).setSdsConfig(ads())))
            .build();
    return listener(
        chain("a", "a").toBuilder()
            .setTransportSocket(TransportSocket.newBuilder().setTypedConfig(Any.pack(context)))
            .build());
  }

  private static Secret secret(String name) {
    return Secret.newBuilder()
        .setName(name)
        .setTlsCertificate(
            TlsCertificate.newBuilder()
                .setCertificateChain(DataSource.newBuilder().setInlineString("CHAIN"))
                .setPrivateKey(DataSource.newBuilder().setInlineString("KEY")))
        .build();
  }

  private Assembler running() throws InterruptedException {
    Assembler assembler = assembler(LONG);
    update(assembler, ResourceType.CLUSTER, eds("a"));
    update(assembler, ResourceType.ENDPOINT, assignment("a", 1));
    update(assembler, ResourceType.LISTENER, listener(chain("a", "a")));
    assembler.onComplete();
    next();
    return assembler;
  }

  private static Terminal end(ProxySnapshot snapshot, int chain) {
    return snapshot.listeners().get(0).chains().get(chain).terminal();
  }

  @Test
  void publishesNothingBeforeAllHasCome() throws Exception {
    Assembler assembler = assembler(LONG);
    update(assembler, ResourceType.CLUSTER, eds("a"));
    update(assembler, ResourceType.LISTENER, listener(chain("a", "a")));
    nothingMore(assembler);
    assembler.onComplete();
    nothingMore(assembler); // the endpoints have not come
    assertThat(assembler.notices().warming()).containsOnlyKeys("a");
    update(assembler, ResourceType.ENDPOINT, assignment("a", 1));
    ProxySnapshot first = next();
    assertThat(end(first, 0)).isInstanceOf(Terminal.TcpProxy.class);
    assertThat(cluster(first, "a").localities()).hasSize(1);
    nothingToSay(assembler.notices());
  }

  @Test
  void publishesTheEmptyConfigurationToo() throws Exception {
    Assembler assembler = assembler(LONG);
    assembler.onComplete();
    assertThat(next()).isEqualTo(ProxySnapshot.EMPTY);
    assembler.onComplete(); // another stream
    nothingMore(assembler);
  }

  @Test
  void waitsNoLongerThanItShouldForEndpoints() throws Exception {
    Assembler assembler = assembler(SHORT);
    update(assembler, ResourceType.CLUSTER, eds("a"));
    update(assembler, ResourceType.LISTENER, listener(chain("a", "a")));
    assembler.onComplete();
    ProxySnapshot first = next();
    assertThat(cluster(first, "a").localities()).isEmpty();
    assertThat(end(first, 0)).isInstanceOf(Terminal.TcpProxy.class);
  }

  @Test
  void refusesConnectionsOfAChainWhoseClusterHasNotCome() throws Exception {
    Assembler assembler = running();
    update(assembler, ResourceType.LISTENER, listener(chain("a", "a"), chain("b", "b")));
    ProxySnapshot without = next();
    assertThat(end(without, 1)).isEqualTo(new Terminal.Refusal("cluster b: has not been sent"));
    assertThat(assembler.notices().missing()).containsExactly("b");
    update(assembler, ResourceType.CLUSTER, eds("b"));
    update(assembler, ResourceType.ENDPOINT, assignment("b", 1));
    assertThat(end(next(), 1)).isInstanceOf(Terminal.TcpProxy.class);
    nothingToSay(assembler.notices());
  }

  @Test
  void saysWhatIsMissingAlsoWhenItComesAndGoes() throws Exception {
    Assembler assembler = running();
    update(assembler, ResourceType.LISTENER, listener(chain("a", "a"), chain("b", "b")));
    assertThat(assembler.notices().missing()).containsExactly("b");
    update(assembler, ResourceType.CLUSTER, eds("b"));
    assertThat(assembler.notices().missing()).isEmpty();
    assembler.onUpdate(ResourceType.CLUSTER, List.of(), List.of("b"));
    assertThat(assembler.notices().missing()).containsExactly("b");
    update(assembler, ResourceType.LISTENER, listener(chain("a", "a")));
    assertThat(assembler.notices().missing()).isEmpty();
  }

  @Test
  void leavesOutClustersThatAreNotWaitedForSoLong() {
    Assembler assembler = assembler(LONG);
    update(assembler, ResourceType.CLUSTER, eds("a"), eds("b"));
    assertThat(assembler.notices().warming()).containsOnlyKeys("a", "b");
    assertThat(assembler.notices(LONG).warming()).isEmpty();
    update(assembler, ResourceType.LISTENER, listener(chain("c", "c")));
    assertThat(assembler.notices().missing()).containsExactly("c");
    assertThat(assembler.notices(LONG).missing()).isEmpty();
  }

  @Test
  void refusesConnectionsOfAnHttpChainAClusterOfWhichHasNotCome() throws Exception {
    Assembler assembler = running();
    update(assembler, ResourceType.LISTENER, listener(http("h", "a", "b")));
    assertThat(end(next(), 0)).isEqualTo(new Terminal.Refusal("cluster b: has not been sent"));
    update(assembler, ResourceType.CLUSTER, eds("b"));
    update(assembler, ResourceType.ENDPOINT, assignment("b", 1));
    ProxySnapshot whole = next();
    assertThat(end(whole, 0)).isInstanceOf(Terminal.HttpProxy.class);
    assertThat(whole.listeners().get(0).chains().get(0).relaysTo())
        .extracting(Destination.ToCluster::cluster)
        .containsExactly("a", "b");
  }

  @Test
  void looksForTheClustersOfNewChainsAmongKnownOnes() throws Exception {
    Assembler assembler = running();
    update(assembler, ResourceType.CLUSTER, eds("b"));
    update(assembler, ResourceType.ENDPOINT, assignment("b", 1));
    update(
        assembler,
        ResourceType.LISTENER,
        listener(chain("0", "none"), chain("a", "a"), chain("b", "b"), chain("c", "gone")));
    ProxySnapshot mixed = next();
    while (mixed.listeners().get(0).chains().size() < 4) { // cluster b may come by itself
      mixed = next();
    }
    assertThat(end(mixed, 0)).isEqualTo(new Terminal.Refusal("cluster none: has not been sent"));
    assertThat(end(mixed, 1)).isInstanceOf(Terminal.TcpProxy.class);
    assertThat(end(mixed, 2)).isInstanceOf(Terminal.TcpProxy.class);
    assertThat(end(mixed, 3)).isEqualTo(new Terminal.Refusal("cluster gone: has not been sent"));
  }

  @Test
  void keepsAClusterUntilItsNewEndpointsAreThere() throws Exception {
    Assembler assembler = assembler(LONG);
    Cluster fixed =
        Cluster.newBuilder()
            .setName("a")
            .setType(Cluster.DiscoveryType.STATIC)
            .setLoadAssignment(assignment("a", 7))
            .build();
    update(assembler, ResourceType.CLUSTER, fixed);
    update(assembler, ResourceType.LISTENER, listener(chain("a", "a")));
    assembler.onComplete();
    ProxySnapshot first = next();
    update(assembler, ResourceType.CLUSTER, eds("a"));
    nothingMore(assembler);
    update(assembler, ResourceType.ENDPOINT, assignment("a", 8));
    assertThat(cluster(next(), "a").localities()).isNotEqualTo(cluster(first, "a").localities());
  }

  @Test
  void keepsARemovedClusterWhileAListenerNamesIt() throws Exception {
    Assembler assembler = running();
    assembler.onUpdate(ResourceType.CLUSTER, List.of(), List.of("a"));
    assembler.onUpdate(ResourceType.ENDPOINT, List.of(), List.of("a"));
    nothingMore(assembler);
    assertThat(store.all(ResourceType.CLUSTER)).isEmpty();
    update(assembler, ResourceType.LISTENER, listener());
    assertThat(next().clusters()).isEmpty();
  }

  @Test
  void publishesNothingWhenOnlyTheOrderOfChainsIsAnother() throws Exception {
    Assembler assembler = running();
    update(assembler, ResourceType.LISTENER, listener(chain("a", "a"), chain("b", "a")));
    ProxySnapshot two = next();
    update(assembler, ResourceType.LISTENER, listener(chain("b", "a"), chain("a", "a")));
    update(assembler, ResourceType.CLUSTER, eds("a"));
    nothingMore(assembler);
    update(assembler, ResourceType.LISTENER, listener(chain("c", "a"), chain("a", "a")));
    ProxySnapshot other = next();
    assertThat(other.listeners().get(0).chains())
        .extracting(ChainSpec::serverName)
        .containsExactly("a", "c");
    assertThat(other.listeners().get(0).chains().get(0))
        .isSameAs(two.listeners().get(0).chains().get(0));
    assertThat(other.clusters().get("a")).isSameAs(two.clusters().get("a"));
  }

  @Test
  void keepsTheLastGoodVersionAndAppliesAllElse() throws Exception {
    Assembler assembler = running();
    Cluster bad = eds("a").toBuilder().setLbPolicyValue(6).build();
    List<String> problems =
        assembler.onUpdate(
            ResourceType.CLUSTER,
            List.of(raw(ResourceType.CLUSTER, bad), raw(ResourceType.CLUSTER, eds("b"))),
            List.of());
    String problem =
        "Cluster/a.lb_policy: CLUSTER_PROVIDED (expected: ROUND_ROBIN, LEAST_REQUEST, RANDOM,"
            + " RING_HASH or MAGLEV)";
    assertThat(problems).containsExactly(problem);
    assertThat(assembler.notices().refused()).containsKey("Cluster/a");
    assertThat(store.refused(ResourceType.CLUSTER))
        .singleElement()
        .satisfies(refused -> assertThat(refused.why()).isEqualTo(problem))
        .satisfies(refused -> assertThat(refused.resource().bytes()).isEqualTo(bad.toByteString()));
    update(assembler, ResourceType.ENDPOINT, assignment("b", 1));
    assertThat(next().clusters()).containsOnlyKeys("a", "b");
    assertThat(store.find(ResourceType.CLUSTER, "a").orElseThrow().bytes())
        .isEqualTo(eds("a").toByteString());
    update(assembler, ResourceType.CLUSTER, eds("a"));
    assertThat(assembler.notices().refused()).isEmpty();
    assertThat(store.refused(ResourceType.CLUSTER)).isEmpty();
  }

  @Test
  void refusesWhatIsNoMessageAndWhatComesTwice() {
    Assembler assembler = assembler(LONG);
    RawResource broken =
        new RawResource(
            ResourceType.CLUSTER, "x", "1", ByteString.copyFrom(new byte[] {10, 100, 1}));
    assertThat(assembler.onUpdate(ResourceType.CLUSTER, List.of(broken), List.of()))
        .singleElement()
        .asString()
        .startsWith("Cluster/x: not readable: ");
    RawResource good = raw(ResourceType.CLUSTER, eds("a"));
    assertThat(assembler.onUpdate(ResourceType.CLUSTER, List.of(good, good), List.of()))
        .containsExactly("Cluster/a: twice in one response (expected: each name once)");
  }

  @Test
  void aMistakeInATranslatorRefusesTheResourceAndNothingElse() {
    FieldGate broken =
        (resource, message, problems) -> {
          if (resource.equals("Cluster/a")) {
            throw new IllegalStateException("unforeseen");
          }
        };
    Assembler assembler =
        new Assembler(
            broken, store, new Timing(Duration.ofMillis(1), LONG), executor, published::add);
    List<RawResource> both =
        List.of(raw(ResourceType.CLUSTER, eds("a")), raw(ResourceType.CLUSTER, eds("b")));
    assertThat(assembler.onUpdate(ResourceType.CLUSTER, both, List.of()))
        .containsExactly(
            "Cluster/a: a mistake of this program: java.lang.IllegalStateException: unforeseen");
    assertThat(store.versions(ResourceType.CLUSTER)).containsOnlyKeys("b");
  }

  @Test
  void saysWhatSecretsAreWaitedFor() throws Exception {
    Assembler assembler = running();
    update(assembler, ResourceType.LISTENER, terminating("system_mtls_identity_m"));
    next();
    assertThat(assembler.notices().secrets()).containsOnlyKeys("system_mtls_identity_m");
    assertThat(assembler.notices().waitingChains()).isOne();
    update(assembler, ResourceType.SECRET, secret("system_mtls_identity_m"));
    assertThat(next().secrets()).containsOnlyKeys(SecretName.of("system_mtls_identity_m"));
    nothingToSay(assembler.notices());
    assembler.onUpdate(ResourceType.SECRET, List.of(), List.of("system_mtls_identity_m"));
    assertThat(next().secrets()).isEmpty();
  }

  @Test
  void whatWasNotTakenIsPublishedAgainWithTheNextChange() throws Exception {
    AtomicInteger failures = new AtomicInteger(1);
    Assembler assembler =
        new Assembler(
            FieldGate.OPEN,
            store,
            new Timing(Duration.ofMillis(1), LONG),
            executor,
            snapshot -> {
              if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("not taken");
              }
              published.add(snapshot);
            });
    assembler.onComplete();
    nothingMore(assembler);
    assembler.onComplete(); // changes nothing
    assertThat(next()).isEqualTo(ProxySnapshot.EMPTY);
    assembler.onComplete();
    nothingMore(assembler);
  }

  @Test
  void overprovisioningOfTheEndpointsIsThatOfTheCluster() throws Exception {
    Assembler assembler = running();
    ClusterLoadAssignment.Policy policy =
        ClusterLoadAssignment.Policy.newBuilder()
            .setOverprovisioningFactor(UInt32Value.of(200))
            .build();
    update(
        assembler, ResourceType.ENDPOINT, assignment("a", 1).toBuilder().setPolicy(policy).build());
    assertThat(cluster(next(), "a").policy().spread().overprovisioningPercent()).isEqualTo(200);
  }

  @Test
  void takesAWholeSetAtOnce() {
    Assembled assembled =
        Assembler.of(
            FieldGate.OPEN,
            List.of(
                raw(ResourceType.LISTENER, listener(chain("a", "a"), chain("b", "b"))),
                raw(ResourceType.CLUSTER, eds("a"))));
    List<ListenerSpec> listeners = assembled.snapshot().listeners();
    assertThat(listeners).hasSize(1);
    assertThat(assembled.notices().warming()).containsOnlyKeys("a");
    assertThat(assembled.notices().missing()).containsExactly("b");
    assertThat(Optional.ofNullable(assembled.snapshot().clusters().get("a"))).isPresent();
  }

  private static ClusterSpec cluster(ProxySnapshot snapshot, String name) {
    return Objects.requireNonNull(snapshot.clusters().get(name), name);
  }

  private static EndpointSpec endpoint(ClusterSpec of) {
    return of.localities().get(0).endpoints().get(0);
  }

  @Test
  void policiesAndTagsOfManyClustersAreOneObject() {
    List<RawResource> resources = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      resources.add(raw(ResourceType.CLUSTER, eds("c" + i)));
      resources.add(raw(ResourceType.ENDPOINT, assignment("c" + i, 1)));
    }
    ProxySnapshot snapshot = Assembler.of(FieldGate.OPEN, resources).snapshot();
    ClusterSpec first = cluster(snapshot, "c0");
    assertThat(snapshot.clusters()).hasSize(100);
    for (ClusterSpec each : snapshot.clusters().values()) {
      assertThat(each.policy()).isSameAs(first.policy());
      assertThat(endpoint(each).address()).isSameAs(endpoint(first).address());
      assertThat(endpoint(each).tags()).isSameAs(endpoint(first).tags());
    }
  }
}
