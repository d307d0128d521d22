package io.zoneproxy.core.config.kuma;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.ReadFile.Document;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.DataSource;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Inbound;
import io.zoneproxy.core.resource.Dataplane.Listener;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.MeshIdentity;
import io.zoneproxy.core.resource.MeshMultiZoneService;
import io.zoneproxy.core.resource.MeshService;
import io.zoneproxy.core.resource.MeshService.Selector;
import io.zoneproxy.core.resource.MeshService.ServicePort;
import io.zoneproxy.core.resource.MeshTrust;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.core.resource.Zone;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.core.resource.ZoneIngress.AvailableService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResourceReaderTest {
  @Test
  void readsAZoneIngressWithItsServices() {
    ZoneIngress ingress =
        Reading.one(
            ZoneIngress.class,
            """
            type: ZoneIngress
            name: ingress-west
            zone: west
            networking:
              address: 10.0.0.5
              port: 10001
              advertisedAddress: west.example.com
              advertisedPort: 443
              admin: {port: 9901}
            availableServices:
              - tags: {kuma.io/service: backend, version: v1}
                instances: 3
                mesh: default
              - tags: {kuma.io/service: outside}
                mesh: default
                externalService: true
            """);
    assertThat(ingress.meta())
        .isEqualTo(
            new Meta("ZoneIngress", "ingress-west", "", Map.of(), new Source("f.yaml", 1, 1)));
    assertThat(ingress.zone()).isEqualTo("west");
    assertThat(ingress.address()).isEqualTo(new HostPort("10.0.0.5", 10001));
    assertThat(ingress.advertised()).contains(new HostPort("west.example.com", 443));
    assertThat(ingress.adminPort()).isEqualTo(9901);
    assertThat(ingress.availableServices())
        .containsExactly(
            new AvailableService(
                Map.of("kuma.io/service", "backend", "version", "v1"), 3, "default", false),
            new AvailableService(Map.of("kuma.io/service", "outside"), 1, "default", true));
  }

  @Test
  void knowsAnotherZonesIngressByItsAdvertisedAddressAlone() {
    ZoneIngress ingress =
        Reading.one(
            ZoneIngress.class,
            """
            type: ZoneIngress
            name: i
            zone: west
            networking: {port: 10001, advertisedAddress: "2001:db8::1", advertisedPort: 443}
            """);
    assertThat(ingress.advertised()).contains(new HostPort("2001:db8::1", 443));
    assertThat(ingress.address()).isEqualTo(new HostPort("2001:db8::1", 10001));
  }

  @Test
  void readsAZoneEgress() {
    ZoneEgress egress =
        Reading.one(
            ZoneEgress.class,
            "{type: ZoneEgress, name: e, networking: {address: 10.0.0.6, port: 10002}}");
    assertThat(egress.address()).isEqualTo(new HostPort("10.0.0.6", 10002));
    assertThat(egress.zone()).isEmpty();
    assertThat(egress.adminPort()).isZero();
  }

  @Test
  void takesAZoneAsEnabledUnlessItSaysOtherwise() {
    assertThat(Reading.one(Zone.class, "{type: Zone, name: east}").enabled()).isTrue();
    assertThat(Reading.one(Zone.class, "{type: Zone, name: east, enabled: null}").enabled())
        .isTrue();
    assertThat(Reading.one(Zone.class, "{type: Zone, name: east, enabled: false}").enabled())
        .isFalse();
  }

  @Test
  void readsAMesh() {
    Mesh mesh =
        Reading.one(
            Mesh.class,
            """
            type: Mesh
            name: team_a
            mtls:
              enabledBackend: ca-1
              backends:
                - {name: ca-1, type: builtin, conf: {anything: [goes, {here: 1}]}}
            routing: {zoneEgress: true, localityAwareLoadBalancing: true}
            meshServices: {mode: Exclusive}
            """);
    assertThat(mesh.mtls()).isTrue();
    assertThat(mesh.zoneEgress()).isTrue();
    assertThat(mesh.localityAware()).isTrue();
    assertThat(mesh.meshServices()).isEqualTo(MeshServicesMode.EXCLUSIVE);
  }

  @Test
  void takesABareMeshAsOneWithoutMtls() {
    Mesh mesh = Reading.one(Mesh.class, "{type: Mesh, name: default}");
    assertThat(mesh.mtls()).isFalse();
    assertThat(mesh.zoneEgress()).isFalse();
    assertThat(mesh.localityAware()).isFalse();
    assertThat(mesh.meshServices()).isEqualTo(MeshServicesMode.DISABLED);
  }

  @Test
  void takesNoBackendEnabledAsNoMtls() {
    Mesh mesh =
        Reading.one(
            Mesh.class,
            "{type: Mesh, name: default, mtls: {backends: [{name: ca-1, type: builtin}]}}");
    assertThat(mesh.mtls()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Disabled, DISABLED",
    "Everywhere, EVERYWHERE",
    "ReachableBackends, REACHABLE_BACKENDS",
    "Exclusive, EXCLUSIVE"
  })
  void knowsEachModeOfMeshServices(String written, MeshServicesMode mode) {
    String text = "{type: Mesh, name: default, meshServices: {mode: " + written + "}}";
    assertThat(Reading.one(Mesh.class, text).meshServices()).isEqualTo(mode);
  }

  @Test
  void readsAMeshIdentity() {
    MeshIdentity identity =
        Reading.one(
            MeshIdentity.class,
            """
            type: MeshIdentity
            name: identity
            mesh: default
            labels: {kuma.io/origin: zone, kuma.io/zone: east, kuma.io/empty: ""}
            spec:
              selector: {dataplane: {matchLabels: {}}}
              spiffeID: {trustDomain: "{{ .Mesh }}.mesh.local"}
              provider: {type: Bundled}
            """);
    assertThat(identity.meta().mesh()).isEqualTo("default");
    assertThat(identity.meta().zone()).isEqualTo("east");
    assertThat(identity.meta().labels()).containsEntry("kuma.io/empty", "");
    assertThat(identity.selector()).contains(Map.of());
    assertThat(identity.trustDomain()).isEqualTo("{{ .Mesh }}.mesh.local");
    assertThat(identity.path()).isEmpty();
    assertThat(identity.provider())
        .contains(
            new MeshIdentity.Provider(
                "Bundled", false, Optional.empty(), true, MeshIdentity.Provider.DEFAULT_LIFETIME));
  }

  @Test
  void readsWhoIssuesForAMeshIdentity() {
    String text =
        """
        type: MeshIdentity
        name: identity
        mesh: default
        spec:
          selector: {dataplane: {matchLabels: {app: egress}}}
          provider:
            type: Bundled
            bundled:
              meshTrustCreation: Disabled
              insecureAllowSelfSigned: true
              %s
              certificateParameters: {expiry: 2h}
        """;
    String own =
        "ca: {certificate: {type: File, file: {path: ca.pem}},"
            + " privateKey: {type: Secret, secretRef: {kind: Secret, name: ca-key}}}";
    MeshIdentity given = Reading.one(MeshIdentity.class, text.formatted(own));
    assertThat(given.selector()).contains(Map.of("app", "egress"));
    assertThat(given.provider())
        .contains(
            new MeshIdentity.Provider(
                "Bundled",
                false,
                Optional.of(
                    new DataSource.Pair(
                        new DataSource.File("ca.pem"), new DataSource.Named("ca-key"))),
                false,
                Duration.ofHours(2)));
    MeshIdentity made =
        Reading.one(MeshIdentity.class, text.formatted("autogenerate: {enabled: true}"));
    assertThat(made.provider())
        .get()
        .returns(true, MeshIdentity.Provider::autogenerate)
        .returns(Optional.empty(), MeshIdentity.Provider::ca);
  }

  @Test
  void readsWhomAMeshTrusts() {
    MeshTrust trust =
        Reading.one(
            MeshTrust.class,
            """
            type: MeshTrust
            name: east
            mesh: default
            spec:
              trustDomain: default.east.mesh.local
              caBundles:
                - {type: Pem, pem: {value: one}}
                - {type: Pem, pem: {value: two}}
            """);
    assertThat(trust.trustDomain()).isEqualTo("default.east.mesh.local");
    assertThat(trust.authorities()).containsExactly("one", "two");
  }

  @Test
  void aMeshTrustThatNamesNobodyIsRefused() {
    ReadFile file =
        Reading.folder("{type: MeshTrust, name: t, mesh: default, spec: {trustDomain: a.example}}");
    assertThat(Reading.problems(file))
        .singleElement()
        .asString()
        .contains("caBundles: none (expected: at least one with pem.value)");
  }

  @Test
  void aMeshTrustOfADomainThatNoCertificateCanHaveIsRefused() {
    ReadFile file =
        Reading.folder(
            "{type: MeshTrust, name: t, mesh: default, spec: {trustDomain: A.example, caBundles:"
                + " [{type: Pem, pem: {value: one}}]}}");
    assertThat(Reading.problems(file))
        .singleElement()
        .asString()
        .contains(
            "trustDomain: A.example (expected: lower-case letters, digits, '.', '-' and '_')");
  }

  @Test
  void readsADataplanesInbounds() {
    Dataplane dataplane =
        Reading.one(
            Dataplane.class,
            """
            type: Dataplane
            name: backend-1
            mesh: default
            networking:
              address: 10.0.0.7
              inbound:
                - {port: 80, servicePort: 8080, name: web, tags: {kuma.io/service: backend}}
                - {port: 81, address: 10.0.0.8, tags: {kuma.io/service: other}}
                - {port: 82}
              outbound: [{port: 99, backendRef: {kind: MeshService, name: x}}]
              transparentProxying: {redirectPortInbound: 15006}
              admin: {port: 9901}
            metrics: {type: prometheus}
            """);
    assertThat(dataplane.address()).isEqualTo("10.0.0.7");
    assertThat(dataplane.adminPort()).isEqualTo(9901);
    assertThat(dataplane.inbounds())
        .containsExactly(
            new Inbound(
                "web", new HostPort("10.0.0.7", 80), Map.of("kuma.io/service", "backend"), true),
            new Inbound("", new HostPort("10.0.0.8", 81), Map.of("kuma.io/service", "other"), true),
            new Inbound("", new HostPort("10.0.0.7", 82), Map.of(), true));
    assertThat(dataplane.listeners()).isEmpty();
  }

  @Test
  void reachesEveryInboundAtTheAdvertisedAddress() {
    Dataplane dataplane =
        Reading.one(
            Dataplane.class,
            """
            type: Dataplane
            name: backend-1
            mesh: default
            networking:
              address: 10.0.0.7
              advertisedAddress: backend.example.com
              inbound: [{port: 80}, {port: 81, address: 10.0.0.8}]
            """);
    assertThat(dataplane.address()).isEqualTo("backend.example.com");
    assertThat(dataplane.inbounds())
        .extracting(Inbound::address)
        .containsExactly(
            new HostPort("backend.example.com", 80), new HostPort("backend.example.com", 81));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "port: 80 | true",
        "port: 80, state: Ready | true",
        "port: 80, health: {ready: true} | true",
        "port: 80, health: {ready: false} | false",
        "port: 80, health: {} | false",
        "port: 80, state: NotReady | false",
        "port: 80, state: NotReady, health: {ready: true} | false",
        "port: 80, state: Ignored | false"
      })
  void takesAnInboundAsReadyUnlessItSaysOtherwise(String inbound, boolean ready) {
    Dataplane dataplane =
        Reading.one(
            Dataplane.class,
            "{type: Dataplane, name: d, mesh: m, networking: {address: a.b, inbound: [{"
                + inbound
                + "}]}}");
    assertThat(dataplane.inbounds()).extracting(Inbound::ready).containsExactly(ready);
  }

  @Test
  void readsTheListenersOfAMeshScopedZoneProxy() {
    Dataplane dataplane =
        Reading.one(
            Dataplane.class,
            """
            type: Dataplane
            mesh: default
            name: zp-1
            labels: {kuma.io/workload: zone-proxy}
            networking:
              address: 10.0.0.5
              listeners:
                - {type: ZoneIngress, address: 10.0.0.5, port: 10001, name: zi-port, state: Ready}
                - {type: ZoneEgress, address: 10.0.0.5, port: 10002}
            """);
    assertThat(dataplane.listeners())
        .containsExactly(
            new Listener(Listener.Role.ZONE_INGRESS, new HostPort("10.0.0.5", 10001), "zi-port"),
            new Listener(Listener.Role.ZONE_EGRESS, new HostPort("10.0.0.5", 10002), "10002"));
    assertThat(dataplane.inbounds()).isEmpty();
  }

  @Test
  void readsAMeshServicesPorts() {
    MeshService service =
        Reading.one(
            MeshService.class,
            """
            type: MeshService
            name: backend
            mesh: default
            spec:
              state: Available
              selector: {dataplaneTags: {kuma.io/service: backend}}
              ports:
                - {port: 80, targetPort: 8080, name: web, appProtocol: http}
                - {port: 81, targetPort: metrics}
                - {port: 82}
              identities: [{type: ServiceTag, value: backend}]
            status: {vips: [{ip: 241.0.0.1}]}
            """);
    assertThat(service.selector())
        .isEqualTo(new Selector.ByTags(Map.of("kuma.io/service", "backend")));
    assertThat(service.ports())
        .containsExactly(
            new ServicePort("web", 80, "8080"),
            new ServicePort("", 81, "metrics"),
            new ServicePort("", 82, "82"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{dataplaneRef: {name: backend-1}}",
        "{dataplaneRef: {name: backend-1}, dataplaneTags: {a: b}}"
      })
  void selectsByNameBeforeByTags(String selector) {
    assertThat(selector(selector)).isEqualTo(new Selector.ByName("backend-1"));
  }

  @Test
  void selectsByLabels() {
    assertThat(selector("{dataplaneLabels: {matchLabels: {app: backend}}}"))
        .isEqualTo(new Selector.ByLabels(Map.of("app", "backend")));
  }

  @Test
  void selectsNothingWithoutASelector() {
    assertThat(selector("{}")).isEqualTo(new Selector.ByTags(Map.of()));
    assertThat(selector("null")).isEqualTo(new Selector.ByTags(Map.of()));
  }

  private static Selector selector(String selector) {
    String text = "{type: MeshService, name: s, mesh: m, spec: {selector: " + selector + "}}";
    return Reading.one(MeshService.class, text).selector();
  }

  @Test
  void readsAMeshMultiZoneService() {
    MeshMultiZoneService service =
        Reading.one(
            MeshMultiZoneService.class,
            """
            type: MeshMultiZoneService
            name: backend-all
            mesh: default
            spec:
              selector: {meshService: {matchLabels: {kuma.io/display-name: backend}}}
              ports: [{port: 8080, name: web, appProtocol: http}]
            """);
    assertThat(service.matchLabels()).isEqualTo(Map.of("kuma.io/display-name", "backend"));
    assertThat(service.ports()).containsExactly(new ServicePort("web", 8080, "8080"));
  }

  @Test
  void readsTheSameResourceHoweverItIsWritten() {
    List<String> texts =
        List.of(
            """
            type: ZoneEgress
            name: e
            networking:
              address: a.b
              port: 1
            """,
            """
            type: ZoneEgress
            name: e
            spec:
              networking:
                address: a.b
                port: 1
            """,
            """
            {"type":"ZoneEgress","name":"e","networking":{"address":"a.b","port":1}}\
            """,
            """
            {
            \t"type":\t"ZoneEgress"\t,
            \t"name": "e",
            \t"networking": {
            \t\t"address": "a.b",
            \t\t"port": 1
            \t}
            }
            """,
            """

            \t{"type": "ZoneEgress", "name": "\\u0065",\r
            \t"networking": {"port": 1, "address": "a.b"}}\t
            """,
            """
            %YAML 1.2
            ---
            type: ZoneEgress
            name: e
            networking: {address: a.b, port: 1}
            ...
            """,
            """
            type: ZoneEgress
            name: e
            networking: &n {address: a.b, port: 1}
            kri: kri_ze_e
            creationTime: 2024-01-01T00:00:00Z
            modificationTime: 2024-01-01T00:00:00Z
            labels: {}
            status: {}
            """);
    for (String text : texts) {
      ZoneEgress egress = Reading.one(ZoneEgress.class, text);
      assertThat(egress.meta().name()).isEqualTo("e");
      assertThat(egress.address()).isEqualTo(new HostPort("a.b", 1));
    }
  }

  @Test
  void keepsATabInAQuotedText() {
    ReadFile file = Reading.folder("{\t\"type\": \"Zone\", \"name\": \"a\\\"\tb\"}");
    assertThat(Reading.problems(file)).singleElement().asString().contains("name: a\"\\x09b");
  }

  @Test
  void readsManyDocumentsAndSkipsEmptyOnes() {
    ReadFile file =
        Reading.folder(
            """
            # nothing but a comment
            ---
            type: Zone
            name: east
            ---
            ---
            # nor here
            ---
            {"type": "Zone", "name": "west"}
            """);
    assertThat(Reading.problems(file)).isEmpty();
    assertThat(file.resources())
        .extracting(resource -> resource.meta().name() + " " + resource.meta().source())
        .containsExactly("east f.yaml:3 (document 1)", "west f.yaml:9 (document 4)");
  }

  @Test
  void readsNothingFromNothing() {
    for (String text : List.of("", "\n\n", "# comment", "---", "---\n---\n", "null", "~")) {
      ReadFile file = Reading.folder(text);
      assertThat(file.documents()).isEmpty();
      assertThat(file.problems()).isEmpty();
    }
  }

  @Test
  void sharesTagsByAliasAndMerge() {
    Dataplane dataplane =
        Reading.one(
            Dataplane.class,
            """
            type: Dataplane
            name: d
            mesh: m
            networking:
              address: a.b
              inbound:
                - {port: 1, tags: &tags {kuma.io/service: s, version: v1}}
                - {port: 2, tags: *tags}
                - {port: 3, tags: {<<: *tags, version: v2}}
                - {port: 4, tags: {version: v3, <<: [{version: v4, zone: a}, {zone: b}, *tags]}}
            """);
    assertThat(dataplane.inbounds())
        .extracting(Inbound::tags)
        .containsExactly(
            Map.of("kuma.io/service", "s", "version", "v1"),
            Map.of("kuma.io/service", "s", "version", "v1"),
            Map.of("kuma.io/service", "s", "version", "v2"),
            Map.of("kuma.io/service", "s", "version", "v3", "zone", "a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MeshZoneAddress", "VirtualOutbound", "TrafficRoute", "ZoneInsight"})
  void ignoresKnownKindsThatDoNotConcernIt(String type) {
    ReadFile file = Reading.folder("{type: " + type + ", anything: [1, {a: b}]}");
    assertThat(file.documents())
        .containsExactly(new Document.Ignored(new Source("f.yaml", 1, 1), type));
    assertThat(file.problems()).isEmpty();
  }

  @Test
  void leavesOutAGatewayOfTheFolderWithAWarning() {
    ReadFile file =
        Reading.folder(
            """
            type: Dataplane
            name: gw
            mesh: default
            networking:
              address: 10.0.0.9
              gateway: {type: DELEGATED, tags: {kuma.io/service: gw}}
            """);
    assertThat(file.hasErrors()).isFalse();
    assertThat(file.documents()).singleElement().isInstanceOf(Document.Ignored.class);
    assertThat(Reading.problems(file))
        .singleElement()
        .asString()
        .startsWith(
            "f.yaml:6 (document 1): networking.gateway: a gateway Dataplane is no endpoint");
  }

  @Test
  void leavesOutAServiceWithoutInstances() {
    ReadFile file =
        Reading.folder(
            """
            type: ZoneIngress
            name: i
            networking: {address: a.b, port: 1}
            availableServices:
              - {tags: {kuma.io/service: none}, instances: 0, mesh: default}
              - {tags: {kuma.io/service: some}, instances: 2, mesh: default}
            """);
    assertThat(file.hasErrors()).isFalse();
    assertThat(Reading.problems(file))
        .containsExactly(
            "f.yaml:5 (document 1): availableServices[0].instances: 0 (expected: at least 1): the"
                + " service is left out");
    assertThat(((ZoneIngress) file.resources().get(0)).availableServices())
        .extracting(AvailableService::instances)
        .containsExactly(2);
  }
}
