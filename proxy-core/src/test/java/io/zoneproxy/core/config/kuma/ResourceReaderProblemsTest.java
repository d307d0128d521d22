package io.zoneproxy.core.config.kuma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.zoneproxy.core.config.kuma.ReadFile.Document;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ResourceReaderProblemsTest {
  private static final String SERVICE = "tags: {kuma.io/service: s}, mesh: m";

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void namesWhatIsWrongInAZoneProxy(String fields, List<String> problems) {
    assertProblems("{type: ZoneIngress, name: i, " + fields + "}", problems);
  }

  static Stream<Arguments> namesWhatIsWrongInAZoneProxy() {
    return Stream.of(
        wrong("networking: null", "networking: missing (expected: a mapping)"),
        wrong("networking: [1]", "networking: a list (expected: a mapping)"),
        wrong(
            "networking: {}",
            "networking.port: missing (expected: 1 to 65535)",
            "networking.address: missing (expected: an IP address or a DNS name)"),
        wrong(net("port: 99999"), "networking.port: 99999 (expected: 1 to 65535)"),
        wrong(net("port: 0"), "networking.port: 0 (expected: 1 to 65535)"),
        wrong(net("port: -1"), "networking.port: -1 (expected: 1 to 65535)"),
        wrong(net("port: 1.5"), "networking.port: 1.5 (expected: 1 to 65535)"),
        wrong(net("port: 0x10"), "networking.port: 0x10 (expected: 1 to 65535)"),
        wrong(net("port: 010"), "networking.port: 010 (expected: 1 to 65535)"),
        wrong(
            net("port: 99999999999999999999"),
            "networking.port: 99999999999999999999 (expected: 1 to 65535)"),
        wrong(
            net("port: \"80\""),
            "networking.port: \"80\" is text (expected: 1 to 65535, without quotes)"),
        wrong(net("port: http"), "networking.port: http (expected: 1 to 65535)"),
        wrong(net("port: {a: b}"), "networking.port: a mapping (expected: 1 to 65535)"),
        wrong(
            net("port: 1, admin: {port: 1}"),
            "networking.admin.port: 1 must differ from port (expected: another port)"),
        wrong(
            net("port: 1, advertisedAddress: b.c"),
            "networking.advertisedPort: missing (has to be defined with advertisedAddress)"),
        wrong(
            net("port: 1, advertisedPort: 2"),
            "networking.advertisedAddress: missing (has to be defined with advertisedPort)"),
        wrong(
            net("port: 1, advertisedAddress: 0.0.0.0, advertisedPort: 2"),
            "networking.advertisedAddress: 0.0.0.0 must not be 0.0.0.0 or :: (expected: an address"
                + " that others can reach)"),
        wrong(
            net("port: 1") + ", availableServices: {a: b}",
            "availableServices: a mapping (expected: a list)"),
        wrong(
            net("port: 1") + ", availableServices: [x, {}]",
            "availableServices[0]: x (expected: a mapping)",
            "availableServices[1].tags: no kuma.io/service (expected: the service's name)",
            "availableServices[1].mesh: missing (expected: the mesh whose service it is)"),
        wrong(
            net("port: 1") + ", availableServices: [{" + SERVICE + ", instances: -1}]",
            "availableServices[0].instances: -1 (expected: 0 to 1000000)"),
        wrong(
            net("port: 1") + ", availableServices: [{" + SERVICE + ", externalService: yes}]",
            "availableServices[0].externalService: yes (expected: true or false)"),
        wrong(
            net("port: 1") + ", availableServices: [{tags: {kuma.io/service: 7}, mesh: m}]",
            "availableServices[0].tags[\"kuma.io/service\"]: 7 (expected: text, in quotes)",
            "availableServices[0].tags: \"kuma.io/service\": \"\" (expected: text)"));
  }

  @ParameterizedTest
  @MethodSource
  void refusesWhatIsNoAddress(String address, String problem) {
    String text = "{type: ZoneEgress, name: e, networking: {port: 1, address: " + address + "}}";
    assertProblems(text, List.of("networking.address: " + problem));
  }

  static Stream<Arguments> refusesWhatIsNoAddress() {
    String expected = " (expected: an IP address or a DNS name)";
    String wildcard = " must not be 0.0.0.0 or :: (expected: an address that others can reach)";
    return Stream.of(
        arguments("0.0.0.0", "0.0.0.0" + wildcard),
        arguments("'::'", "::" + wildcard),
        arguments("'0:0:0:0:0:0:0:0'", "0:0:0:0:0:0:0:0" + wildcard),
        arguments("''", "empty" + expected),
        arguments("10.0.0.256", "10.0.0.256" + expected),
        arguments("'10'", "10" + expected),
        arguments("'[::1]'", "[::1]" + expected),
        arguments("'fe80::1%eth0'", "fe80::1%eth0" + expected),
        arguments("a..b", "a..b" + expected),
        arguments("-a.b", "-a.b" + expected),
        arguments("a b", "a b" + expected),
        arguments("a.b:80", "a.b:80" + expected),
        arguments("true", "true (expected: text, in quotes)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void namesWhatIsWrongInADataplane(String networking, List<String> problems) {
    assertProblems(
        "{type: Dataplane, name: d, mesh: m, networking: {" + networking + "}}", problems);
  }

  static Stream<Arguments> namesWhatIsWrongInADataplane() {
    String listener = "type: ZoneIngress, address: 10.0.0.1";
    return Stream.of(
        wrong(
            "address: a.b",
            "networking: has neither inbound nor listeners (expected: at least one of them)"),
        wrong(
            "inbound: [{port: 1}]",
            "networking.address: missing (expected: an IP address or a DNS name)"),
        wrong(
            "address: a.b, inbound: [{port: 70000, servicePort: 70001}, {tags: {a: ''}}]",
            "networking.inbound[0].port: 70000 (expected: 1 to 65535)",
            "networking.inbound[0].servicePort: 70001 (expected: 1 to 65535)",
            "networking.inbound[1].port: missing (expected: 1 to 65535)",
            "networking.inbound[1].tags: \"a\": \"\" (expected: text)"),
        wrong(
            "address: a.b, inbound: [{port: 1, tags: {}}]",
            "networking.inbound[0].tags: empty (expected: at least one tag)"),
        wrong(
            "address: a.b, inbound: [{port: 1, tags: {v: 1}}]",
            "networking.inbound[0].tags[\"v\"]: 1 (expected: text, in quotes)",
            "networking.inbound[0].tags: \"v\": \"\" (expected: text)"),
        wrong(
            "address: a.b, inbound: [{port: 1, state: Gone}]",
            "networking.inbound[0].state: Gone (expected: Ready, NotReady, Ignored)"),
        wrong(
            "address: a.b, inbound: [{port: 1, address: 0.0.0.0}]",
            "networking.inbound[0].address: 0.0.0.0 must not be 0.0.0.0 or :: (expected: an"
                + " address that others can reach)"),
        wrong(
            "address: 10.0.0.5, inbound: [{port: 10001, tags: {kuma.io/zone-proxy: ingress}}]",
            "networking.inbound[0].tags: kuma.io/zone-proxy makes no zone proxy (expected: instead"
                + " of the inbound, under networking: listeners: [{type: ZoneIngress, address:"
                + " 10.0.0.5, port: 10001}])"),
        wrong(
            "address: a.b, inbound: [{port: 2, address: '::1', tags: {kuma.io/zone-proxy:"
                + " ZoneEgress}}]",
            "networking.inbound[0].tags: kuma.io/zone-proxy makes no zone proxy (expected: instead"
                + " of the inbound, under networking: listeners: [{type: ZoneEgress, address:"
                + " \"::1\", port: 2}])"),
        wrong(
            "address: a.b, listeners: [{address: a.b, port: 1}, {type: Zone, address: a.b,"
                + " port: 2}]",
            "networking.listeners[0].type: missing (expected: ZoneIngress or ZoneEgress)",
            "networking.listeners[1].type: Zone (expected: ZoneIngress, ZoneEgress)"),
        wrong(
            "address: a.b, listeners: [{type: ZoneIngress}]",
            "networking.listeners[0].port: missing (expected: 1 to 65535)",
            "networking.listeners[0].address: missing (expected: an IP address or a DNS name)"),
        wrong(
            "address: a.b, listeners: [{"
                + listener
                + ", port: 1, name: x}, {"
                + listener
                + ", port: 2, name: x}]",
            "networking.listeners[1].name: x must be unique across inbounds and listeners"),
        wrong(
            "address: a.b, inbound: [{port: 9, name: x}], listeners: [{"
                + listener
                + ", port: 2, name: x}]",
            "networking.listeners[0].name: x must be unique across inbounds and listeners"),
        wrong(
            "address: a.b, listeners: [{"
                + listener
                + ", port: 1, name: x}, {"
                + listener
                + ", port: 1, name: y}]",
            "networking.listeners[1]: 10.0.0.1:1 is used by an inbound or another listener"
                + " (expected: each once)"),
        wrong(
            "address: 10.0.0.1, inbound: [{port: 1, name: a}], listeners: [{"
                + listener
                + ", port: 1}]",
            "networking.listeners[0]: 10.0.0.1:1 is used by an inbound or another listener"
                + " (expected: each once)"),
        wrong(
            "address: a.b, admin: {port: 1}, listeners: [{" + listener + ", port: 1}]",
            "networking.admin.port: 1 must differ from port (expected: another port)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void namesWhatIsWrongInAMeshOrAService(String text, List<String> problems) {
    assertProblems("{" + text + "}", problems);
  }

  static Stream<Arguments> namesWhatIsWrongInAMeshOrAService() {
    String service = "type: MeshService, name: s, mesh: m, spec: ";
    String multi = "type: MeshMultiZoneService, name: s, mesh: m, spec: ";
    return Stream.of(
        wrong(
            "type: Mesh, name: m, mtls: {enabledBackend: ca-2, backends: [{name: ca-1}]}",
            "mtls.enabledBackend: ca-2 (expected: one of mtls.backends, ca-1)"),
        wrong(
            "type: Mesh, name: m, mtls: {enabledBackend: ca-2}",
            "mtls.enabledBackend: ca-2 (expected: one of mtls.backends, which has none)"),
        wrong(
            "type: Mesh, name: m, meshServices: {mode: exclusive}",
            "meshServices.mode: exclusive (expected: Disabled, Everywhere, Exclusive,"
                + " ReachableBackends)"),
        wrong(
            "type: Mesh, name: m, routing: {zoneEgress: 1}",
            "routing.zoneEgress: 1 (expected: true or false)"),
        wrong(
            service + "{ports: [{port: 80}, {port: 80}]}",
            "spec.ports[1].port: 80 twice (expected: each port once)"),
        wrong(
            service + "{ports: [{port: 80, name: w}, {port: 81, name: w, targetPort: 70000}]}",
            "spec.ports[1].targetPort: 70000 (expected: 1 to 65535)",
            "spec.ports[1].name: w twice (expected: each port once)"),
        wrong(
            service + "{selector: {dataplaneTags: [a]}}",
            "spec.selector.dataplaneTags: a list (expected: a mapping)"),
        wrong(
            multi + "{}",
            "spec.ports: none (expected: at least one)",
            "spec.selector: missing (expected: a mapping)"),
        wrong(
            multi + "{ports: [{port: 1}], selector: {meshService: {matchLabels: {}}}}",
            "spec.selector.meshService.matchLabels: none (expected: at least one label)"),
        wrong(service + "x", "spec: x (expected: a mapping)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void namesWhatIsWrongAtTheTop(String text, List<String> problems) {
    assertProblems(text, problems);
  }

  static Stream<Arguments> namesWhatIsWrongAtTheTop() {
    String name = " (expected: a name of a-z, 0-9, '-' and '.', at most 253 characters)";
    String mesh = " (expected: the name of a mesh, of a-z, 0-9, '.', '-' and '_')";
    return Stream.of(
        wrong("just text", "just text (expected: a mapping)"),
        wrong("[a, b]", "a list (expected: a mapping)"),
        wrong("{name: x}", "type: missing (expected: a kind of Kuma, for example ZoneIngress)"),
        wrong(
            "{type: '', name: x}",
            "type: empty (expected: a kind of Kuma, for example" + " ZoneIngress)"),
        wrong("{type: 1}", "type: 1 (expected: text, in quotes)"),
        wrong(
            "{type: MeshServce, name: x}",
            "type: MeshServce (expected: a kind of Kuma; did you mean MeshService?)"),
        wrong(
            "{type: dataplane, name: x}",
            "type: dataplane (expected: a kind of Kuma; did you mean Dataplane?)"),
        wrong("{type: Unheard, name: x}", "type: Unheard (expected: a kind of Kuma)"),
        wrong("{type: Zone}", "name: missing" + name),
        wrong("{type: Zone, name: East}", "name: East" + name),
        wrong("{type: Zone, name: a_b}", "name: a_b" + name),
        wrong("{type: Zone, name: -a}", "name: -a" + name),
        wrong("{type: Zone, name: a..b}", "name: a..b" + name),
        wrong("{type: Zone, name: 5}", "name: 5 (expected: text, in quotes)"),
        wrong("{type: Mesh, name: a/b}", "name: a/b" + mesh),
        wrong("{type: MeshIdentity, name: a}", "mesh: missing" + mesh),
        wrong("{type: MeshIdentity, name: a, mesh: M}", "mesh: M" + mesh),
        wrong(
            "{type: Zone, name: a, labels: {a: null, b: 1}}",
            "labels[\"a\"]: null (expected: text, in quotes)",
            "labels[\"b\"]: 1 (expected: text, in quotes)"),
        wrong("{type: Zone, name: a, name: b}", "name: twice (expected: each field once)"),
        wrong("{type: Zone, name: a, ? [x] : b}", "a list as a key (expected: text)"),
        wrong(
            "{apiVersion: kuma.io/v1alpha1, kind: ZoneIngress, metadata: {name: x}}",
            "kind: this is the Kubernetes form (expected: the Universal form, with type, name and"
                + " mesh at the top instead of apiVersion, kind and metadata)"));
  }

  @Test
  void refusesANameThatIsTooLong() {
    assertThat(Reading.folder("{type: Zone, name: " + "a".repeat(253) + "}").problems()).isEmpty();
    assertThat(Reading.folder("{type: Zone, name: " + "a".repeat(254) + "}").hasErrors()).isTrue();
  }

  @Test
  void warnsOfAFieldThatIsUnknownAndTakesTheDocument() {
    ReadFile file =
        Reading.folder(
            """
            type: ZoneIngress
            name: i
            mesh: default
            networking:
              adress: 10.0.0.1
              address: 10.0.0.1
              port: 1
              wholly: other
            """);
    assertThat(file.hasErrors()).isFalse();
    assertThat(file.resources()).hasSize(1);
    assertThat(Reading.problems(file))
        .containsExactlyInAnyOrder(
            "f.yaml:3 (document 1): mesh: default (a ZoneIngress belongs to no mesh: leave the"
                + " field out)",
            "f.yaml:5 (document 1): networking.adress: unknown field, ignored; did you mean"
                + " address?",
            "f.yaml:8 (document 1): networking.wholly: unknown field, ignored");
  }

  @Test
  void aFieldOfAPermissionThatIsNotKnownRefusesItForItMayBeADenial() {
    assertThat(Reading.problems(permission("{allow: [], denny: []}", "targetRef: {kind: Mesh}")))
        .containsExactly(
            "f.yaml:3 (document 1): spec.rules[0].default.denny: unknown field (expected: one of"
                + " allow, allowWithShadowDeny, deny); did you mean deny?");
    assertThat(Reading.problems(permission("{allow: []}", "targetReff: {kind: Mesh}")))
        .containsExactly(
            "f.yaml:2 (document 1): spec.targetReff: unknown field (expected: one of from, rules,"
                + " targetRef); did you mean targetRef?");
    assertThat(
            Reading.problems(permission("{allow: []}", "targetRef: {kind: MeshSubset, tag: {}}")))
        .singleElement()
        .asString()
        .contains("spec.targetRef.tag: unknown field (expected: one of")
        .contains("did you mean tags?");
  }

  @Test
  void aFieldThatMayBeAMisspeltTlsRefusesAnExternalService() {
    assertThat(Reading.problems(external("tls: {enable: true}")))
        .containsExactly(
            "f.yaml:1 (document 1): networking.tls.enable: unknown field (expected: one of"
                + " allowRenegotiation, caCert, clientCert, clientKey, enabled, serverName,"
                + " skipHostnameVerification); did you mean enabled?");
    assertThat(Reading.problems(external("tsl: {enabled: true}")))
        .singleElement()
        .asString()
        .contains("networking.tsl: unknown field (expected: one of");
    assertThat(
            Reading.problems(
                Reading.folder(
                    "{type: MeshExternalService, name: e, mesh: default, spec: {match: {port: 80},"
                        + " endpoints: [{address: a.example, port: 443}], tls: {enabled: true,"
                        + " verification: {mod: SkipAll}}}}")))
        .singleElement()
        .asString()
        .contains("spec.tls.verification.mod: unknown field (expected: one of");
  }

  @Test
  void aMisspeltTlsAtTheTopRefusesThatServiceAlone() {
    String service =
        "{type: %s, name: %s, mesh: default, %s: {match: {port: 80}, endpoints: [{address:"
            + " a.example, port: 443}]%s}%s}";
    ReadFile file =
        Reading.folder(
            String.join(
                "\n---\n",
                service.formatted("MeshExternalService", "a", "spec", ", tsl: {enabled: true}", ""),
                service.formatted("MeshExternalService", "b", "spec", "", ", tls: {enabled: true}"),
                service.formatted("MeshExternalService", "c", "spec", ", tls: {enabled: true}", ""),
                "{type: ExternalService, name: d, mesh: default, tags: {kuma.io/service: d},"
                    + " networking: {address: 'a.example:443'}, tls: {enabled: true}}"));
    assertThat(Reading.problems(file))
        .containsExactly(
            "f.yaml:1 (document 1): spec.tsl: unknown field (expected: one of endpoints, extension,"
                + " match, tls); did you mean tls?",
            "f.yaml:3 (document 2): tls: unknown field (expected: one of creationTime, kri, labels,"
                + " mesh, modificationTime, name, spec, status, type)",
            "f.yaml:7 (document 4): tls: unknown field (expected: one of creationTime, kri, labels,"
                + " mesh, modificationTime, name, networking, spec, status, tags, type);"
                + " did you mean tags?");
    assertThat(file.resources())
        .extracting(resource -> resource.meta().name())
        .containsExactly("c");
  }

  private static ReadFile external(String field) {
    return Reading.folder(
        "{type: ExternalService, name: e, mesh: default, tags: {kuma.io/service: e}, networking: {address: 'a.example:443', %s}}"
            .formatted(field));
  }

  private static ReadFile permission(String rule, String target) {
    return Reading.folder(
        """
        {type: MeshTrafficPermission, name: p, mesh: default, spec: {
        %s,
        rules: [{default: %s}]}}
        """
            .formatted(target, rule));
  }

  @Test
  void warnsOfAFieldBesideTheSpecThatBelongsIntoIt() {
    ReadFile file = Reading.folder("{type: Zone, name: z, enabled: false, spec: {}}");
    assertThat(Reading.problems(file))
        .containsExactly("f.yaml:1 (document 1): enabled: unknown field, ignored");
  }

  @Test
  void tellsAllProblemsOfAllDocumentsWithTheirLines() {
    ReadFile file =
        Reading.folder(
            """
            type: ZoneIngress
            name: Bad
            networking:
              address: 0.0.0.0
              port: 99999
            ---
            type: Zone
            name: good
            ---
            type: Dataplane
            name: d
            networking:
              address: a.b
              inbound:
                - port: 80
                - port: 0
            """);
    assertThat(file.problems())
        .extracting(problem -> problem.source() + " " + problem.field())
        .containsExactly(
            "f.yaml:2 (document 1) name",
            "f.yaml:5 (document 1) networking.port",
            "f.yaml:4 (document 1) networking.address",
            "f.yaml:10 (document 3) mesh",
            "f.yaml:16 (document 3) networking.inbound[1].port");
    assertThat(file.documents())
        .extracting(document -> document.getClass().getSimpleName())
        .containsExactly("Refused", "Accepted", "Refused");
  }

  @Test
  void namesBothPlacesOfAResourceThatIsThereTwice() {
    ReadFile file =
        Reading.folder(
            """
            {type: Zone, name: east}
            ---
            {type: Mesh, name: east}
            ---
            {type: Zone, name: east, enabled: false}
            """);
    assertThat(Reading.problems(file))
        .containsExactly(
            "f.yaml:5 (document 3): name: Zone/east is also in f.yaml:1 (document 1) (expected:"
                + " each once)");
    assertThat(file.resources()).hasSize(2);
  }

  @Test
  void refusesAGatewayAsTheOwnResource() {
    ReadFile file =
        Reading.own("{type: Dataplane, name: d, mesh: m, networking: {address: a.b, gateway: {}}}");
    assertThat(file.hasErrors()).isTrue();
    assertThat(Reading.problems(file))
        .containsExactly(
            "f.yaml:1 (document 1): networking.gateway: a gateway Dataplane is no zone proxy"
                + " (expected: networking.listeners without gateway)");
  }

  @Test
  void needsTheAddressOfItsOwnIngressEvenWhenOneIsAdvertised() {
    ReadFile file =
        Reading.own(
            "{type: ZoneIngress, name: i, networking: {port: 1, advertisedAddress: a.b,"
                + " advertisedPort: 2}}");
    assertThat(Reading.problems(file))
        .containsExactly(
            "f.yaml:1 (document 1): networking.address: missing (expected: an IP address or a DNS"
                + " name)");
  }

  @Test
  void showsHostileTextOnOneLineAndNotWhole() {
    ReadFile file = Reading.folder("{type: Zone, name: \"a\\n\\e[31m" + "x".repeat(500) + "\"}");
    assertThat(Reading.problems(file))
        .singleElement()
        .asString()
        .startsWith("f.yaml:1 (document 1): name: a \\x1B[31mxxx")
        .contains("x… (expected")
        .hasSizeLessThan(300);
  }

  private static void assertProblems(String text, List<String> problems) {
    ReadFile file = Reading.folder(text);
    assertThat(Reading.problems(file))
        .containsExactlyElementsOf(
            problems.stream().map(problem -> "f.yaml:1 (document 1): " + problem).toList());
    assertThat(file.documents()).singleElement().isInstanceOf(Document.Refused.class);
  }

  private static String net(String fields) {
    return "networking: {address: a.b, " + fields + "}";
  }

  private static Arguments wrong(String text, String... problems) {
    return arguments(text, List.of(problems));
  }
}
