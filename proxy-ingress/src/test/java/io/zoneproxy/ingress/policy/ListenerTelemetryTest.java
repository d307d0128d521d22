package io.zoneproxy.ingress.policy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.http.TracingSpec.Tag;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogFilter;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.ingress.translate.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ListenerTelemetryTest {
  private static final Listener IN =
      new Listener(Role.ZONE_INGRESS, new HostPort("10.0.0.1", 10001), "zi-port");
  private static final Listener OUT =
      new Listener(Role.ZONE_EGRESS, new HostPort("10.0.0.1", 10002), "ze-port");
  private static final Dataplane OWN =
      new Dataplane(
          new Meta(
              "Dataplane",
              "zp-1",
              "default",
              Map.of("kuma.io/workload", "zone-proxy"),
              Source.ofFile("own.yaml")),
          "10.0.0.1",
          0,
          List.of(),
          List.of(IN, OUT));
  private static final String TO_FILE = "{type: File, file: {path: /tmp/a}}";

  private final List<String> documents = new ArrayList<>();

  private void log(String name, String target, String rules) {
    policy("MeshAccessLog", name, target, "rules: " + rules);
  }

  private void trace(String name, String target, String settings) {
    policy("MeshTrace", name, target, "default: " + settings);
  }

  private void policy(String type, String name, String target, String spec) {
    documents.add(
        "type: %s\nmesh: default\nname: %s\nspec:\n  targetRef: %s\n  %s\n"
            .formatted(type, name, target, spec));
  }

  private void collector(String name, String labels, String spec) {
    documents.add(
        "type: MeshOpenTelemetryBackend\nmesh: default\nname: %s\nlabels: %s\nspec: %s\n"
            .formatted(name, labels, spec));
  }

  /** A listener with a chain that relays, and one that speaks HTTP. */
  private static Translation served(Listener listener) {
    HttpSpec http =
        new HttpSpec(
            "web",
            new HttpTimeouts(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            List.of(),
            new RouteTable("web", List.of(), RouteTable.Headers.NONE),
            List.of(),
            List.of(),
            Optional.empty());
    ChainSpec web =
        new ChainSpec(
            "web",
            "web",
            TransportProtocol.TLS,
            Optional.empty(),
            List.of(),
            new Terminal.HttpProxy(http));
    return new Translation(
        "dataplane",
        List.of(
            new ListenerSpec(
                listener.role() == Role.ZONE_INGRESS
                    ? "self_zoneingress_dp_zi-port"
                    : "self_zoneegress_dp_ze-port",
                listener.address(),
                List.of(ChainSpec.passthrough("db", "db", Map.of()), web))),
        Map.of("db", new ClusterSpec("db", List.of(), ClusterPolicy.DEFAULT)),
        List.of());
  }

  private Translation translate(Listener listener) {
    ReadFile read =
        new ResourceReader(ResourceReader.Use.FOLDER)
            .read("f.yaml", String.join("---\n", documents));
    assertThat(read.problems()).isEmpty();
    return ListenerTelemetry.add(OWN, new Resources(read.resources()), "zone-1", served(listener));
  }

  private static TcpOptions relayed(Translation made) {
    return ((Terminal.TcpProxy) made.listeners().get(0).chains().get(0).terminal()).options();
  }

  private static HttpSpec spoken(Translation made) {
    return ((Terminal.HttpProxy) made.listeners().get(0).chains().get(1).terminal()).http();
  }

  private List<AccessLogSpec> logs() {
    Translation made = translate(OUT);
    assertThat(made.notices()).isEmpty();
    assertThat(spoken(made).accessLogs()).isEqualTo(relayed(made).accessLogs());
    return relayed(made).accessLogs();
  }

  private static String text(AccessLogSpec log) {
    return ((LogFormat.Text) ((LogTarget.File) log.sink()).format()).format();
  }

  @Test
  void withoutAPolicyForItAListenerStaysAsItIs() {
    log("none", "{kind: Mesh}", "[{default: {backends: []}}]");
    log(
        "other",
        "{kind: Dataplane, labels: {a: b}}",
        "[{default: {backends: [%s]}}]".formatted(TO_FILE));
    log(
        "section",
        "{kind: Dataplane, sectionName: zi-port}",
        "[{default: {backends: [%s]}}]".formatted(TO_FILE));
    Translation made = translate(OUT);
    assertThat(made).isEqualTo(served(OUT));
    assertThat(relayed(translate(IN)).accessLogs()).hasSize(1);
  }

  @Test
  void connectionsAndRequestsHaveKumasFormatForConnectionsAndItsPlaceholdersAreFilledIn() {
    log("a", "{kind: Mesh}", "[{default: {backends: [%s]}}]".formatted(TO_FILE));
    assertThat(logs())
        .containsExactly(
            new AccessLogSpec(
                new LogTarget.File(
                    "/tmp/a",
                    new LogFormat.Text(
                        "[%START_TIME%] %RESPONSE_FLAGS% default 10.0.0.1(unknown)->"
                            + "%UPSTREAM_HOST%(unknown) took %DURATION%ms, sent %BYTES_SENT%"
                            + " bytes, received: %BYTES_RECEIVED% bytes\n")),
                Optional.empty()));
    assertThat(relayed(translate(OUT)).logOnConnect()).isTrue();
  }

  @Test
  void everyPlaceholderOfKumaHasAValue() {
    log(
        "a",
        "{kind: Mesh}",
        "[{default: {backends: [{type: File, file: {path: /tmp/a, format: {type: Plain, plain:"
            + " '%KUMA_SOURCE_ADDRESS% %KUMA_ZONE% %KUMA_WORKLOAD% %KUMA_TRAFFIC_DIRECTION%"
            + " %KUMA_DESTINATION_SERVICE%'}}}]}}]");
    assertThat(logs())
        .singleElement()
        .extracting(ListenerTelemetryTest::text)
        .isEqualTo("10.0.0.1:0 zone-1 kri_wl_default_zone-1__zone-proxy_ UNSPECIFIED unknown\n");
  }

  @Test
  void everyRuleThatFitsWritesItsOwnRecordAndTheOrderIsKumas() {
    log(
        "a",
        "{kind: Mesh}",
        """
        [{default: {backends: [{type: File, file: {path: /all}}]}},
             {matches: [{sni: {type: Exact, value: DB}},
                        {spiffeID: {type: Prefix, value: "spiffe://m/"}},
                        {spiffeID: {type: Exact, value: "spiffe://m/a"}, sni: {type: Exact, value: db}}],
              default: {backends: [{type: File, file: {path: /some}}]}}]
        """);
    log(
        "b",
        "{kind: Dataplane, sectionName: ze-port}",
        "[{default: {backends: [{type: File, file: {path: /own}}]}}]");
    List<AccessLogSpec> logs = logs();
    assertThat(logs)
        .extracting(log -> ((LogTarget.File) log.sink()).path())
        .containsExactly("/some", "/some", "/some", "/all", "/own");
    assertThat(logs.subList(0, 3))
        .extracting(log -> ((LogFilter.Expression) log.filter().orElseThrow()).expression())
        .containsExactly(
            "connection.uri_san_peer_certificate == \"spiffe://m/a\" &&"
                + " connection.requested_server_name == \"db\"",
            "connection.uri_san_peer_certificate.startsWith(\"spiffe://m/\")",
            "connection.requested_server_name == \"DB\"");
    assertThat(((LogFilter.Expression) logs.get(2).filter().orElseThrow()).meaning())
        .isEqualTo(new Predicate.Single(Predicate.Input.SERVER_NAME, StringMatch.exact("db")));
  }

  @Test
  void aTcpBackendIsAPipeWithTheAddressInItsRecords() {
    log(
        "a",
        "{kind: Mesh}",
        "[{default: {backends: [{type: Tcp, tcp: {address: 'logs:5000', format: {type: Json,"
            + " omitEmptyValues: true, json: [{key: t, value: '%START_TIME%'}]}}}]}}]");
    assertThat(logs())
        .extracting(AccessLogSpec::sink)
        .containsExactly(
            new LogTarget.File(
                "kuma-al-zp-1-default.sock",
                new LogFormat.Json(
                    Map.of(
                        "address",
                        new LogFormat.Text("logs:5000", true),
                        "message",
                        new LogFormat.Json(
                            Map.of("t", new LogFormat.Text("%START_TIME%", true)), true)),
                    true)));
  }

  @Test
  void aCollectorIsACluster() {
    log(
        "a",
        "{kind: Mesh}",
        "[{default: {backends: [{type: OpenTelemetry, openTelemetry: {endpoint: otel, body: 'in"
            + " %KUMA_MESH%', attributes: [{key: zone, value: '%KUMA_ZONE%'}]}}, {type:"
            + " OpenTelemetry, openTelemetry: {endpoint: '2001:db8::1'}}]}}]");
    Translation made = translate(OUT);
    String cluster = "meshaccesslog:opentelemetry:otel:4317";
    assertThat(spoken(made).accessLogs().get(0).sink())
        .isEqualTo(
            new LogTarget.OpenTelemetry(
                cluster,
                "MeshAccessLog",
                Optional.of(new LogFormat.Text("in default")),
                Map.of("zone", new LogFormat.Text("zone-1")),
                Map.of(
                    "kuma.mesh",
                    "default",
                    "kuma.zone",
                    "zone-1",
                    "kuma.workload",
                    "kri_wl_default_zone-1__zone-proxy_")));
    assertThat(made.clusters())
        .containsOnlyKeys("db", cluster, "meshaccesslog:opentelemetry:[2001:db8::1]:4317");
    ClusterSpec otel = requireNonNull(made.clusters().get(cluster));
    assertThat(otel.localities().get(0).endpoints().get(0).address())
        .isEqualTo(new HostPort("otel", 4317));
    assertThat(otel.policy().http().version()).isEqualTo(HttpUpstream.Version.HTTP_2);
  }

  @Test
  void aCollectorMayBeNamedByItsLabels() {
    String ref =
        "[{default: {backends: [{type: OpenTelemetry, openTelemetry: {backendRef: {kind:"
            + " MeshOpenTelemetryBackend, labels: {kuma.io/display-name: %s}}}}]}}]";
    collector("main", "{}", "{endpoint: {address: otel.example.com, port: 4444}}");
    collector("web", "{}", "{protocol: http}");
    log("a", "{kind: Mesh}", ref.formatted("main"));
    log("b", "{kind: Mesh}", ref.formatted("gone"));
    log("c", "{kind: Mesh}", ref.formatted("web"));
    Translation made = translate(OUT);
    assertThat(spoken(made).accessLogs())
        .extracting(log -> ((LogTarget.OpenTelemetry) log.sink()).cluster())
        .containsExactly("meshaccesslog:opentelemetry:otel.example.com:4444");
    assertThat(made.notices())
        .extracting(each -> each.field() + ": " + each.message())
        .containsExactlyInAnyOrder(
            "spec.rules[0].default.backends[0].openTelemetry.backendRef: no"
                + " MeshOpenTelemetryBackend of mesh default has these labels, so nothing is sent"
                + " (expected: one of the files)",
            "spec.rules[0].default.backends[0].openTelemetry.backendRef:"
                + " MeshOpenTelemetryBackend/default/web: protocol http, so nothing is sent"
                + " (expected: grpc)");
  }

  @Test
  void aFormatThatNobodyUnderstandsIsAnErrorAndItsLogIsLeftOut() {
    log(
        "a",
        "{kind: Mesh}",
        "[{default: {backends: [{type: File, file: {path: /a, format: {type: Plain, plain: '%%NO_SUCH%%'}}}, %s]}}]"
            .formatted(TO_FILE));
    Translation made = translate(OUT);
    assertThat(relayed(made).accessLogs()).hasSize(1);
    assertThat(made.notices())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
              assertThat(problem.field()).isEqualTo("spec.rules[0].default.backends[0]");
              assertThat(problem.message()).contains("NO_SUCH");
            });
  }

  @Test
  void aMisspeltListenerIsWarnedOf() {
    log(
        "a",
        "{kind: Dataplane, labels: {kuma.io/listener-zoneingress: enabled}, sectionName: zi-prt}",
        "[{default: {backends: [%s]}}]".formatted(TO_FILE));
    Translation made = translate(IN);
    assertThat(relayed(made).accessLogs()).isEmpty();
    assertThat(made.notices())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("zi-prt", "did you mean zi-port");
  }

  @Test
  void severalTracesAreOneFieldByField() {
    trace(
        "all",
        "{kind: Mesh}",
        "{backends: [{type: Zipkin, zipkin: {url: 'http://zipkin:9411/api/v2/spans'}}], sampling:"
            + " {overall: 80, random: 10}, tags: [{name: a, literal: b}]}");
    trace(
        "own",
        "{kind: Dataplane, labels: {kuma.io/listener-zoneegress: enabled}}",
        "{backends: [{type: Datadog, datadog: {url: 'http://dog:8126'}}], sampling: {random:"
            + " '60.5'}, tags: [{name: env, header: {name: x-env}}, {name: kuma.zone, literal:"
            + " mine}]}");
    Translation made = translate(OUT);
    assertThat(spoken(made).tracing())
        .contains(
            new TracingSpec(
                new TracingSpec.Datadog("meshtrace:datadog:dog:8126", "zone-proxy"),
                List.of(
                    new Tag("env", Optional.of("x-env"), ""),
                    new Tag("kuma.zone", Optional.empty(), "mine"),
                    new Tag("kuma.mesh", Optional.empty(), "default"),
                    new Tag(
                        "kuma.workload", Optional.empty(), "kri_wl_default_zone-1__zone-proxy_")),
                100,
                60.5,
                80));
    assertThat(made.clusters()).containsOnlyKeys("db", "meshtrace:datadog:dog:8126");
    assertThat(relayed(made)).isEqualTo(TcpOptions.DEFAULT);
    assertThat(translate(IN)).isEqualTo(served(IN));
  }

  @Test
  void aMoreSpecificTraceWithoutBackendsEndsIt() {
    String url = "{backends: [{type: Zipkin, zipkin: {url: 'http://zipkin:9411/api/v2/spans'}}]}";
    trace("all", "{kind: Mesh}", url);
    assertThat(spoken(translate(OUT)).tracing().orElseThrow().provider())
        .isEqualTo(
            new TracingSpec.Zipkin(
                "meshtrace:zipkin:zipkin:9411", "/api/v2/spans", "zipkin:9411", false, true));
    trace("own", "{kind: Dataplane, sectionName: ze-port}", "{backends: []}");
    assertThat(spoken(translate(OUT)).tracing()).isEmpty();
  }

  @Test
  void bothListenersShareACollectorWhateverTheOrderOfRoles() {
    log(
        "a",
        "{kind: Mesh}",
        "[{default: {backends: [{type: OpenTelemetry, openTelemetry: {endpoint: 'otel:4317'}}]}}]");
    Translation both = Translation.merge(List.of(translate(IN), translate(OUT)));
    assertThat(both.clusters()).containsOnlyKeys("db", "meshaccesslog:opentelemetry:otel:4317");
    Translation egress = new Translation("egress", List.of(), Map.of(), List.of());
    Translation second = Translation.merge(List.of(egress, both));
    String renamed = "dataplane/meshaccesslog:opentelemetry:otel:4317";
    assertThat(second.clusters()).containsOnlyKeys("dataplane/db", renamed);
    assertThat(((LogTarget.OpenTelemetry) relayed(second).accessLogs().get(0).sink()).cluster())
        .isEqualTo(renamed);
  }
}
