package io.zoneproxy.egress.external;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable.Route;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.observe.RbacStats;
import io.zoneproxy.core.policy.Rbac;
import io.zoneproxy.core.policy.Subject;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.cp.Recordings;
import io.zoneproxy.cp.assemble.Assembler;
import io.zoneproxy.cp.capture.Capture;
import io.zoneproxy.cp.fields.FieldCheck;
import io.zoneproxy.cp.fields.FieldTable;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.translate.value.FieldGate;
import io.zoneproxy.egress.EgressRole;
import io.zoneproxy.egress.MeshScopedRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The resources that a real control plane was given, and what it made of them, against ours. */
final class FilesLikeControlPlaneTest {
  private static final ZoneEgress OWN =
      new ZoneEgress(
          new Meta("ZoneEgress", "e", "", Map.of(), Source.ofFile("own.yaml")),
          "zone-1",
          new HostPort("10.9.0.1", 10002),
          0);

  /** Callers of many kinds; a policy that treats one otherwise is found. */
  private static final List<List<String>> CALLERS =
      List.of(
          List.of("spiffe://default/web"),
          List.of("spiffe://default/web", "kuma://version/v1"),
          List.of("spiffe://default/web", "kuma://version/v2"),
          List.of("spiffe://default/web", "kuma://version/v1", "kuma://kuma.io/zone/zone-1"),
          List.of("spiffe://default/web", "kuma://version/v2", "kuma://kuma.io/zone/zone-1"),
          List.of("spiffe://default/other", "kuma://version/v1", "kuma://kuma.io/zone/zone-1"),
          List.of("spiffe://default/other", "kuma://kuma.io/zone/zone-2"),
          List.of("spiffe://default/other", "kuma://kuma.io/zone/zone-1"));

  /** A mesh's own proxy, with both listeners, as in the recordings. */
  private static final Dataplane OF_MESH =
      new Dataplane(
          new Meta(
              "Dataplane",
              "zp-1",
              "default",
              Map.of("kuma.io/workload", "zone-proxy"),
              Source.ofFile("own.yaml")),
          "10.9.0.1",
          0,
          List.of(),
          List.of(
              new Dataplane.Listener(
                  Dataplane.Listener.Role.ZONE_INGRESS, new HostPort("10.9.0.1", 10001), "zi-port"),
              new Dataplane.Listener(
                  Dataplane.Listener.Role.ZONE_EGRESS,
                  new HostPort("10.9.0.1", 10002),
                  "ze-port")));

  private static final String DOMAIN = "spiffe://default.zone-1.mesh.local/";

  private static final List<List<String>> CALLERS_OF_MESH =
      Stream.of("workload/web", "workload/bad", "workload/shadow-1", "ns/a/sa/b", "workload/x")
          .map(path -> List.of(DOMAIN + path))
          .toList();

  /** By the MeshProxyPatch of the recordings. */
  private static final Optional<Duration> PATCHED = Optional.of(Duration.ofSeconds(12));

  /** Of a proxy that says nothing, and of Kuma. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  @TestFactory
  Stream<DynamicTest> makesTheListenerThatAControlPlaneMakesForAMesh() throws IOException {
    return Recordings.files().stream()
        .filter(file -> file.getFileName().toString().startsWith("mesh-scoped"))
        .filter(file -> !file.toString().contains("spire")) // an agent's, and files have none
        .map(
            file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> sameOfMesh(file)));
  }

  /**
   * All but what comes of a MeshProxyPatch, and priorities: 2.14 sends an endpoint's as 1 whatever
   * it is.
   */
  private static void sameOfMesh(Path file) throws IOException {
    JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    ProxySnapshot sent = sent(file);
    List<Resource> files = resources(root);
    String madeByItself = MadeByKuma.TIMEOUTS + MadeByKuma.services(files);
    files.addAll(
        new ResourceReader(ResourceReader.Use.FOLDER).read("initial", madeByItself).resources());
    ProxySnapshot made =
        new MeshScopedRole(Path.of("/etc/ssl/certs/ca-certificates.crt"))
            .translate(OF_MESH, new Resources(files), "zone-1")
            .snapshot();
    Map<String, ChainSpec> ours = terminating(made);
    Map<String, ChainSpec> wanted = new TreeMap<>(terminating(sent));
    wanted.keySet().removeIf(name -> !name.startsWith("sni.extsvc."));
    assertThat(ours.keySet()).isEqualTo(wanted.keySet());
    for (ChainSpec theirs : wanted.values()) {
      ChainSpec chain = requireNonNull(ours.get(theirs.serverName()));
      assertThat(chain.name()).isEqualTo(theirs.name());
      assertThat(withoutAlpn(chain)).isEqualTo(withoutAlpn(theirs));
      assertThat(cluster(chain)).isEqualTo(cluster(theirs));
      assertThat(http(chain).map(HttpSpec::name)).isEqualTo(http(theirs).map(HttpSpec::name));
      assertThat(http(chain).map(one -> one.routes().name()))
          .isEqualTo(http(theirs).map(one -> one.routes().name()));
      assertThat(limits(chain)).as(theirs.serverName()).isEqualTo(limits(theirs));
      assertThat(http(chain).map(one -> route(one).limit()))
          .as(theirs.serverName())
          .isEqualTo(http(theirs).map(one -> route(one).limit()));
      for (List<String> uris : CALLERS_OF_MESH) {
        assertThat(allows(chain, uris))
            .as(theirs.serverName() + uris)
            .isEqualTo(allows(theirs, uris));
      }
      sameCluster(
          requireNonNull(made.clusters().get(cluster(chain))),
          requireNonNull(sent.clusters().get(cluster(theirs))),
          false);
      sameTimeouts(chain, theirs);
      sameTimeouts(
          requireNonNull(made.clusters().get(cluster(chain))),
          requireNonNull(sent.clusters().get(cluster(theirs))));
      SeenByKuma.same(chain, made, theirs, sent);
    }
    sameWayIn(made, sent);
  }

  /** Its connect timeout is one that no policy changes, and that of a proxy by default. */
  private static void sameWayIn(ProxySnapshot made, ProxySnapshot sent) {
    Map<String, ChainSpec> ours = wayIn(made);
    Map<String, ChainSpec> wanted = wayIn(sent);
    assertThat(ours.keySet()).isEqualTo(wanted.keySet());
    for (ChainSpec theirs : wanted.values()) {
      ChainSpec chain = requireNonNull(ours.get(theirs.serverName()));
      assertThat(chain.filters()).as(theirs.serverName()).isEqualTo(theirs.filters());
      sameTimeouts(chain, theirs);
      SeenByKuma.same(chain, made, theirs, sent);
      ClusterSpec our = requireNonNull(made.clusters().get(cluster(chain)));
      ClusterSpec their = requireNonNull(sent.clusters().get(cluster(theirs)));
      assertThat(our.policy().connectTimeout().or(() -> Optional.of(CONNECT)))
          .as(our.name())
          .isEqualTo(their.policy().connectTimeout());
    }
  }

  private static Map<String, ChainSpec> wayIn(ProxySnapshot snapshot) {
    return snapshot.listeners().stream()
        .filter(listener -> listener.name().startsWith("self_zoneingress_dp_"))
        .flatMap(listener -> listener.chains().stream())
        .collect(
            Collectors.toMap(ChainSpec::serverName, chain -> chain, (a, b) -> a, TreeMap::new));
  }

  private static void sameTimeouts(ChainSpec ours, ChainSpec theirs) {
    if (ours.terminal() instanceof Terminal.TcpProxy relay) {
      assertThat(relay.options().idleTimeout())
          .as(ours.serverName())
          .isEqualTo(((Terminal.TcpProxy) theirs.terminal()).options().idleTimeout());
      return;
    }
    HttpSpec our = http(ours).orElseThrow();
    HttpSpec their = http(theirs).orElseThrow();
    assertThat(our.timeouts()).as(ours.serverName()).isEqualTo(their.timeouts());
    RouteAction.Forward forward = (RouteAction.Forward) route(our).action();
    RouteAction.Forward same = (RouteAction.Forward) route(their).action();
    assertThat(forward.timeout()).as(ours.serverName()).isEqualTo(same.timeout());
    assertThat(forward.idleTimeout()).as(ours.serverName()).isEqualTo(same.idleTimeout());
  }

  /** Where nothing is said here, nothing is none. */
  private static void sameTimeouts(ClusterSpec ours, ClusterSpec theirs) {
    if (!theirs.policy().connectTimeout().equals(PATCHED)) {
      assertThat(ours.policy().connectTimeout())
          .as(ours.name())
          .isEqualTo(theirs.policy().connectTimeout());
    }
    HttpUpstream our = ours.policy().http();
    HttpUpstream their = theirs.policy().http();
    assertThat(our.idleTimeout()).as(ours.name()).isEqualTo(their.idleTimeout());
    assertThat(our.maxConnectionDuration().orElse(Duration.ZERO))
        .as(ours.name())
        .isEqualTo(their.maxConnectionDuration().orElse(Duration.ZERO));
    assertThat(our.maxStreamDuration().orElse(Duration.ZERO))
        .as(ours.name())
        .isEqualTo(their.maxStreamDuration().orElse(Duration.ZERO));
  }

  /** Trials aside: a control plane's count everybody whom they do not name. */
  private static boolean allows(ChainSpec chain, List<String> uris) {
    Subject subject =
        new Subject(null, chain.serverName(), 10002, new Subject.Identity(uris, List.of(), ""));
    return permissions(chain).stream()
        .allMatch(spec -> Rbac.of(spec).decide(subject, new RbacStats()).allowed());
  }

  private static List<NetworkFilter> limits(ChainSpec chain) {
    return chain.filters().stream().filter(NetworkFilter.RateLimit.class::isInstance).toList();
  }

  @TestFactory
  Stream<DynamicTest> makesTheModelThatAControlPlaneMakes() throws IOException {
    return Recordings.files().stream()
        .filter(file -> file.getFileName().toString().startsWith("legacy-egress"))
        .filter(file -> !file.toString().contains("unified-naming")) // names that files have not
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> same(file)));
  }

  private static void same(Path file) throws IOException {
    JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    ProxySnapshot sent = sent(file);
    ProxySnapshot made =
        new EgressRole(Path.of("/etc/ssl/certs/ca-certificates.crt"))
            .translate(OWN, new Resources(resources(root)), "zone-1")
            .snapshot();
    Map<String, ChainSpec> ours = terminating(made);
    for (ChainSpec theirs : terminating(sent).values()) {
      ChainSpec chain = ours.get(theirs.serverName());
      assertThat(chain).as(theirs.serverName()).isNotNull();
      assertThat(chain.name()).isEqualTo(theirs.name());
      assertThat(withoutAlpn(chain)).isEqualTo(withoutAlpn(theirs));
      assertThat(cluster(chain)).isEqualTo(cluster(theirs));
      assertThat(http(chain).map(HttpSpec::name)).isEqualTo(http(theirs).map(HttpSpec::name));
      assertThat(http(chain).map(one -> one.routes().name()))
          .isEqualTo(http(theirs).map(one -> one.routes().name()));
      samePolicies(chain, theirs);
      samePermissions(theirs.serverName(), permissions(chain), permissions(theirs));
      sameCluster(
          requireNonNull(made.clusters().get(cluster(chain))),
          requireNonNull(sent.clusters().get(cluster(theirs))),
          true);
    }
  }

  /** All that is neither a permission nor the way: limits, faults, hashes, times. */
  private static void samePolicies(ChainSpec ours, ChainSpec theirs) {
    assertThat(withoutPermissions(ours)).isEqualTo(withoutPermissions(theirs));
    assertThat(http(ours).isPresent()).isEqualTo(http(theirs).isPresent());
    if (ours.terminal() instanceof Terminal.TcpProxy relay) {
      assertThat(relay.options()).isEqualTo(((Terminal.TcpProxy) theirs.terminal()).options());
    }
    if (http(ours).isPresent()) {
      HttpSpec our = http(ours).get();
      HttpSpec their = http(theirs).orElseThrow();
      assertThat(steps(our)).as(ours.serverName()).isEqualTo(steps(their));
      assertThat(our.timeouts()).isEqualTo(their.timeouts());
      Route route = route(our);
      assertThat(route.limit()).as(ours.serverName()).isEqualTo(route(their).limit());
      RouteAction.Forward forward = (RouteAction.Forward) route.action();
      RouteAction.Forward same = (RouteAction.Forward) route(their).action();
      assertThat(forward.timeout()).isEqualTo(same.timeout());
      assertThat(forward.idleTimeout()).isEqualTo(same.idleTimeout());
      // a control plane pushes them once for each of its passes
      assertThat(forward.hash()).isEqualTo(same.hash().stream().distinct().toList());
    }
  }

  private static List<NetworkFilter> withoutPermissions(ChainSpec chain) {
    return chain.filters().stream()
        .filter(filter -> !(filter instanceof NetworkFilter.Rbac))
        .distinct() // a control plane pushes them for each resource of a service
        .toList();
  }

  private static List<HttpFilter> steps(HttpSpec http) {
    return http.filters().stream()
        .filter(each -> !(each instanceof HttpFilter.Rbac))
        .distinct() // as above
        .toList();
  }

  private static Route route(HttpSpec http) {
    return http.routes().hosts().get(0).routes().get(0);
  }

  private static ProxySnapshot sent(Path file) {
    Capture capture = Capture.read(file, XdsTypes.KNOWN);
    FieldCheck check = new FieldCheck(FieldTable.load(), XdsTypes.KNOWN);
    return Assembler.of(FieldGate.of(check), capture.resources()).snapshot();
  }

  private static List<Resource> resources(JsonObject root) {
    List<Resource> resources = new ArrayList<>();
    for (JsonElement each : root.getAsJsonArray("objects")) {
      JsonObject body = each.getAsJsonObject().getAsJsonObject("body");
      String at = each.getAsJsonObject().get("at").getAsString();
      if (at.equals("zone-2") && body.get("type").getAsString().contains("ExternalService")) {
        continue; // another zone's own
      }
      if (!at.equals("global")) {
        labels(body).addProperty("kuma.io/zone", at); // a control plane writes it
      } else {
        labels(body).addProperty("kuma.io/origin", at); // and this where it hands it on
      }
      ReadFile read =
          new ResourceReader(ResourceReader.Use.FOLDER).read("objects", body.toString());
      assertThat(read.documents()).noneMatch(ReadFile.Document.Refused.class::isInstance);
      resources.addAll(read.resources());
    }
    return resources;
  }

  private static JsonObject labels(JsonObject body) {
    if (!body.has("labels")) {
      body.add("labels", new JsonObject());
    }
    return body.getAsJsonObject("labels");
  }

  private static Map<String, ChainSpec> terminating(ProxySnapshot snapshot) {
    return snapshot.listeners().stream()
        .flatMap(listener -> listener.chains().stream())
        .filter(chain -> chain.tls().isPresent() && !chain.serverName().isEmpty())
        .collect(
            Collectors.toMap(ChainSpec::serverName, chain -> chain, (a, b) -> a, TreeMap::new));
  }

  private static ServerTls withoutAlpn(ChainSpec chain) {
    ServerTls tls = chain.tls().orElseThrow();
    return new ServerTls(
        tls.certificates(), tls.clients(), tls.requireCertificate(), tls.versions(), List.of());
  }

  private static Optional<HttpSpec> http(ChainSpec chain) {
    return chain.terminal() instanceof Terminal.HttpProxy proxy
        ? Optional.of(proxy.http())
        : Optional.empty();
  }

  private static String cluster(ChainSpec chain) {
    return http(chain).isPresent()
        ? http(chain).get().routes().destinations().get(0).clusters().get(0).cluster()
        : chain.relaysTo().get(0).cluster();
  }

  private static List<RbacSpec> permissions(ChainSpec chain) {
    Stream<RbacSpec> ofNetwork =
        chain.filters().stream()
            .filter(NetworkFilter.Rbac.class::isInstance)
            .map(filter -> ((NetworkFilter.Rbac) filter).spec());
    Stream<RbacSpec> ofHttp =
        http(chain).stream()
            .flatMap(one -> one.filters().stream())
            .filter(HttpFilter.Rbac.class::isInstance)
            .map(filter -> ((HttpFilter.Rbac) filter).spec());
    return Stream.concat(ofNetwork, ofHttp).toList();
  }

  private static void samePermissions(
      String serverName, List<RbacSpec> ours, List<RbacSpec> theirs) {
    for (List<String> uris : CALLERS) {
      Subject subject =
          new Subject(null, serverName, 10002, new Subject.Identity(uris, List.of(), ""));
      assertThat(outcome(ours, subject)).as(serverName + uris).isEqualTo(outcome(theirs, subject));
    }
  }

  /** Whether and not how often: a control plane may push a filter twice. */
  private static String outcome(List<RbacSpec> all, Subject subject) {
    RbacStats stats = new RbacStats();
    boolean allowed = all.stream().allMatch(spec -> Rbac.of(spec).decide(subject, stats).allowed());
    return allowed + ", shadow denied " + (stats.shadowDenied.sum() > 0);
  }

  private static void sameCluster(ClusterSpec ours, ClusterSpec theirs, boolean priorities) {
    assertThat(endpoints(ours, priorities)).isEqualTo(endpoints(theirs, priorities));
    assertThat(ours.statName()).isEqualTo(theirs.statName());
    assertThat(ours.policy().http().version()).isEqualTo(theirs.policy().http().version());
    ClusterPolicy our = ours.policy();
    ClusterPolicy their = theirs.policy();
    assertThat(our.balancing()).as(ours.name()).isEqualTo(their.balancing());
    assertThat(our.spread()).as(ours.name()).isEqualTo(their.spread());
    assertThat(our.limits()).as(ours.name()).isEqualTo(their.limits());
    assertThat(our.outliers()).as(ours.name()).isEqualTo(their.outliers());
    assertThat(our.healthCheck()).as(ours.name()).isEqualTo(their.healthCheck());
    sameTls(ours, theirs);
  }

  private static void sameTls(ClusterSpec ours, ClusterSpec theirs) {
    List<TlsChoice> begun = ours.policy().tls();
    assertThat(begun).hasSameSizeAs(theirs.policy().tls());
    for (int i = 0; i < begun.size(); i++) {
      ClientTls our = begun.get(i).tls().orElseThrow();
      ClientTls their = theirs.policy().tls().get(i).tls().orElseThrow();
      assertThat(our.serverName()).as(ours.name()).isEqualTo(their.serverName());
      assertThat(chains(our)).isEqualTo(chains(their));
      assertThat(our.allowRenegotiation()).isEqualTo(their.allowRenegotiation());
      if (their.server().isPresent() || ours.name().contains("_extsvc_")) {
        // a TLS ExternalService without a CA is not verified by kuma-cp, and is by us
        assertThat(our.server()).as(ours.name()).isEqualTo(their.server());
        assertThat(our.versions()).isEqualTo(their.versions());
      }
    }
  }

  /** Keys are no keys in the recordings. */
  private static List<String> chains(ClientTls tls) {
    return tls.certificates().stream()
        .map(each -> ((CertificateSource.Inline) each).chain())
        .toList();
  }

  private static List<String> endpoints(ClusterSpec cluster, boolean priorities) {
    return cluster.localities().stream()
        .flatMap(
            group ->
                group.endpoints().stream()
                    .map(
                        each ->
                            each.address()
                                + (priorities ? "/" + group.priority() : "")
                                + "*"
                                + each.weight()))
        .sorted()
        .toList();
  }
}
