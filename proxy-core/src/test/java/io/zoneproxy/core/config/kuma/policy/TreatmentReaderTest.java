package io.zoneproxy.core.config.kuma.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.model.log.LogFormat;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.resource.Policy;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.core.resource.policy.Treatment;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TreatmentReaderTest {
  @Test
  void whatIsWrittenIsThereAndNothingElse() {
    Treatment read =
        read(
            "MeshCircuitBreaker",
            """
            to:
              - targetRef: {kind: MeshExternalService, labels: {team: a}}
                default:
                  connectionLimits: {maxConnections: 20}
                  outlierDetection:
                    interval: 1m30s
                    detectors: {gatewayFailures: {}, successRate: {standardDeviationFactor: "1.9"}}
            """);

    assertThat(read.kind()).isEqualTo(Treatment.Kind.CIRCUIT_BREAKER);
    assertThat(read.target()).isEqualTo(Target.MESH);
    assertThat(read.entries().get(0).of().tags()).containsEntry("team", "a");
    Settings set = read.entries().get(0).settings();
    assertThat(set.number("connectionLimits.maxConnections")).contains(20);
    assertThat(set.number("connectionLimits.maxRequests")).isEmpty();
    assertThat(set.time("outlierDetection.interval")).contains(Duration.ofSeconds(90));
    assertThat(set.has("outlierDetection.detectors.gatewayFailures")).isTrue();
    assertThat(set.has("outlierDetection.detectors.totalFailures")).isFalse();
    assertThat(set.decimal("outlierDetection.detectors.successRate.standardDeviationFactor"))
        .contains(new BigDecimal("1.9"));
  }

  @Test
  void aTimeoutHasRulesAndDestinationsAndFromEverybodyIsARule() {
    Treatment older =
        read(
            "MeshTimeout",
            """
            targetRef: {kind: Mesh, proxyTypes: [Sidecar, Gateway]}
            from: [{targetRef: {kind: Mesh}, default: {idleTimeout: 2h, http: {requestTimeout: 0s}}}]
            to: [{targetRef: {kind: Mesh}, default: {connectionTimeout: 5s}}]
            """);
    assertThat(older.target()).isEqualTo(Target.MESH);
    assertThat(older.rules()).hasSize(1);
    assertThat(older.rules().get(0).matches()).isEmpty();
    assertThat(older.rules().get(0).settings().time("http.requestTimeout")).contains(Duration.ZERO);
    assertThat(older.entries().get(0).settings().time("connectionTimeout"))
        .contains(Duration.ofSeconds(5));
    assertThat(
            problems(
                "MeshTimeout", "to: [{targetRef: {kind: Mesh}, default: {connectionTimeout: 0s}}]"))
        .singleElement()
        .asString()
        .contains("connectionTimeout: 0s (expected: a time above zero");
  }

  @Test
  void aTimeMayHaveDecimalsAsGoWritesThem() {
    Settings set =
        read("MeshTimeout", "rules: [{default: {idleTimeout: 1h0m1.5s, connectionTimeout: 2.5ms}}]")
            .rules()
            .get(0)
            .settings();
    assertThat(set.time("idleTimeout")).contains(Duration.ofMillis(3_601_500));
    assertThat(set.time("connectionTimeout")).contains(Duration.ofNanos(2_500_000));
    assertThat(problems("MeshTimeout", "rules: [{default: {idleTimeout: 1.s}}]")).hasSize(1);
    assertThat(problems("MeshTimeout", "rules: [{default: {connectionTimeout: 0.5ms}}]"))
        .singleElement()
        .asString()
        .contains("0.5ms (expected: a time above zero");
    assertThat(problems("MeshTimeout", "rules: [{default: {idleTimeout: 999999999y999999999y}}]"))
        .singleElement()
        .asString()
        .contains("(expected: at most 68y)");
  }

  @Test
  void aTargetForGatewaysAloneIsForNoOther() {
    String spec = "targetRef: {kind: Mesh, proxyTypes: [Gateway]}\nto: []";
    assertThat(read("MeshTimeout", spec).target().kind()).isEqualTo("MeshGateway");
  }

  @Test
  void listsAreReadWhole() {
    Settings set =
        read(
                "MeshFaultInjection",
                """
                from:
                  - targetRef: {kind: Mesh}
                    default:
                      http:
                        - abort: {httpStatus: 503, percentage: 5}
                        - delay: {value: 2s, percentage: "2.5"}
                """)
            .entries()
            .get(0)
            .settings();

    List<Settings> faults = set.parts("http");
    assertThat(faults).hasSize(2);
    assertThat(faults.get(0).number("abort.httpStatus")).contains(503);
    assertThat(faults.get(1).decimal("delay.percentage")).contains(new BigDecimal("2.5"));
  }

  @Test
  void wrongValuesAreErrorsWithTheirPath() {
    assertThat(problems("MeshRateLimit", limit("local: {http: {requestRate: {num: 0}}}")))
        .singleElement()
        .asString()
        .contains("from[0].default.local.http.requestRate.num: 0 (expected: 1 to");
    assertThat(problems("MeshRateLimit", limit("local: {tcp: {connectionRate: {interval: 5}}}")))
        .singleElement()
        .asString()
        .contains("local.tcp.connectionRate.interval: 5 (expected: text");
    assertThat(problems("MeshFaultInjection", limit("http: [{abort: {percentage: 101}}]")))
        .singleElement()
        .asString()
        .contains("http[0].abort.percentage: 101 (expected: 0 to 100");
    assertThat(
            problems(
                "MeshLoadBalancingStrategy",
                "to: [{targetRef: {kind: Mesh}, default: {loadBalancer: {type: Maglev,"
                    + " maglev: {tableSize: 1000}}}}]"))
        .singleElement()
        .asString()
        .contains("loadBalancer.maglev.tableSize: 1000 (expected: a prime number");
    assertThat(
            problems(
                "MeshHealthCheck",
                "to: [{targetRef: {kind: Mesh}, default: {http: {expectedStatuses: [200, 99]}}}]"))
        .singleElement()
        .asString()
        .contains("http.expectedStatuses: 99 (expected: 100 to 599 each)");
  }

  @Test
  void whatHttpCannotCarryIsRefused() {
    String limit = "local: {http: {onRateLimit: {headers: {set: [{name: %s, value: %s}]}}}}";
    assertThat(problems("MeshRateLimit", limit(limit.formatted("'a b'", "c")))).hasSize(1);
    assertThat(problems("MeshRateLimit", limit(limit.formatted("a", "\"b\\r\\nc\"")))).hasSize(1);
    assertThat(problems("MeshRateLimit", limit(limit.formatted("x-a", "'b c'")))).isEmpty();
  }

  @Test
  void whatIsNotKnownOrHasNoEffectIsWarnedOfByItsPath() {
    assertThat(problems("MeshRateLimit", limit("local: {http: {requestRat: {num: 1}}}")))
        .singleElement()
        .asString()
        .contains("from[0].default.local.http.requestRat: unknown field, ignored")
        .contains("requestRate");
    assertThat(
            problems(
                "MeshHealthCheck",
                "to: [{targetRef: {kind: Mesh}, default: {eventLogPath: /tmp/x, tcp: {}}}]"))
        .singleElement()
        .asString()
        .contains("to[0].default.eventLogPath: has no effect from resource files");
    assertThat(problems("MeshRateLimit", "to: [{targetRef: {kind: Mesh}, default: {}}]"))
        .singleElement()
        .asString()
        .contains("to: does not reach an external service (expected: from)");
  }

  @Test
  void rulesForCallersAreRead() {
    String rules =
        "rules: [{default: {local: {tcp: {connectionRate: {num: 5, interval: 1s}}}}}, {matches:"
            + " [{spiffeID: {type: Prefix, value: 'spiffe://a/'}, sni: {type: Exact, value: b.c}},"
            + " {sni: {type: Exact, value: d}}], default: {local: {tcp: {disabled: true}}}}]";
    Treatment limit = read("MeshRateLimit", rules);
    assertThat(limit.rules())
        .extracting(Treatment.Rule::matches)
        .containsExactly(
            List.of(),
            List.of(
                new Treatment.Match(
                    Optional.of(StringMatch.prefix("spiffe://a/")), Optional.of("b.c")),
                new Treatment.Match(Optional.empty(), Optional.of("d"))));
    assertThat(limit.rules().get(0).settings().number("local.tcp.connectionRate.num")).contains(5);
  }

  @Test
  void aConditionThatIsMisspeltOrEmptyIsRefused() {
    assertThat(problems("MeshRateLimit", "rules: [{match: [], default: {}}]"))
        .singleElement()
        .asString()
        .contains("rules[0].match: unknown field");
    assertThat(problems("MeshFaultInjection", "rules: [{matches: [{}], default: {}}]"))
        .singleElement()
        .asString()
        .contains("rules[0].matches[0]: empty (expected: spiffeID or sni)");
  }

  @Test
  void anAccessLogHasRulesWithBackendsAndFromEverybodyIsARule() {
    Treatment read =
        read(
            "MeshAccessLog",
            """
            targetRef: {kind: Dataplane, sectionName: ze-port}
            rules:
              - matches: [{sni: {type: Exact, value: a.b}}]
                default:
                  backends:
                    - type: File
                      file: {path: /tmp/a, format: {type: Json, omitEmptyValues: true, json: [{key: t, value: "%START_TIME%"}]}}
                    - {type: Tcp, tcp: {address: "[::1]:5000"}}
                    - type: OpenTelemetry
                      openTelemetry:
                        backendRef: {kind: MeshOpenTelemetryBackend, labels: {team: a}}
                        attributes: [{key: kuma.mesh, value: "%KUMA_MESH%"}]
                        body: {kvlistValue: {values: [{key: n, value: {intValue: 7}}, {key: l, value: {arrayValue: {values: [{boolValue: true}]}}}]}}
              - default: {backends: []}
            """);
    assertThat(read.kind()).isEqualTo(Treatment.Kind.ACCESS_LOG);
    assertThat(read.target().section()).isEqualTo("ze-port");
    assertThat(read.rules()).hasSize(2);
    assertThat(read.rules().get(1).settings().parts("backends")).isEmpty();
    List<Settings> backends = read.rules().get(0).settings().parts("backends");
    assertThat(backends.get(0).text("file.path")).contains("/tmp/a");
    assertThat(backends.get(0).flag("file.format.omitEmptyValues")).isTrue();
    assertThat(backends.get(0).parts("file.format.json").get(0).text("key")).contains("t");
    assertThat(backends.get(1).text("tcp.address")).contains("[::1]:5000");
    assertThat(backends.get(2).labels("openTelemetry.backendRef.labels"))
        .containsExactly(Map.entry("team", "a"));
    assertThat(backends.get(2).format("openTelemetry.body"))
        .contains(
            new LogFormat.Json(
                Map.of(
                    "n",
                    new LogFormat.Literal("7"),
                    "l",
                    new LogFormat.Array(List.of(new LogFormat.Literal("true")))),
                false));

    Treatment older =
        read(
            "MeshAccessLog",
            "from: [{targetRef: {kind: Mesh}, default: {backends: [{type: File, file: {path:"
                + " /x}}]}}]");
    assertThat(older.rules().get(0).matches()).isEmpty();
  }

  @Test
  void aBackendThatNothingCanBeWrittenToIsAnError() {
    assertThat(logProblems("[{type: File}]"))
        .singleElement()
        .asString()
        .contains("default.backends[0].file: missing");
    assertThat(logProblems("[{type: File, file: {path: tmp/x}}]"))
        .singleElement()
        .asString()
        .contains("file.path: tmp/x (expected: an absolute path)");
    assertThat(logProblems("[{type: Tcp, tcp: {address: logs.example.com}}]"))
        .singleElement()
        .asString()
        .contains("tcp.address: logs.example.com (expected: HOST:PORT)");
    assertThat(logProblems("[{type: Syslog}]"))
        .singleElement()
        .asString()
        .contains("type: Syslog (expected: File, OpenTelemetry, Tcp)");
    assertThat(logProblems("[{type: OpenTelemetry, openTelemetry: {}}]"))
        .singleElement()
        .asString()
        .contains("openTelemetry: neither (expected: endpoint or backendRef)");
    assertThat(logProblems("[{type: OpenTelemetry, openTelemetry: {endpoint: 'http://a/b'}}]"))
        .singleElement()
        .asString()
        .contains("(expected: HOST or HOST:PORT)");
    assertThat(logProblems("[{type: File, file: {path: /x, format: {type: Json}}}]"))
        .singleElement()
        .asString()
        .contains("format.json: missing (expected: a list of key and value)");
    assertThat(problems("MeshAccessLog", "rules: [{default: {}}]"))
        .singleElement()
        .asString()
        .contains("rules[0].default.backends: missing (expected: a list; [] for none)");
    assertThat(
            problems("MeshAccessLog", "to: [{targetRef: {kind: Mesh}, default: {backends: []}}]"))
        .singleElement()
        .asString()
        .contains("to: does not reach an external service (expected: rules)");
  }

  private static List<?> logProblems(String backends) {
    return problems("MeshAccessLog", "rules: [{default: {backends: " + backends + "}}]");
  }

  @Test
  void aTraceHasOnePartForEverything() {
    Treatment read =
        read(
            "MeshTrace",
            """
            default:
              backends: [{type: Zipkin, zipkin: {url: "http://zipkin:9411/api/v2/spans", sharedSpanContext: false}}]
              sampling: {overall: 80, random: "60.5"}
              tags: [{name: team, literal: core}, {name: env, header: {name: x-env, default: prod}}]
            """);
    assertThat(read.kind()).isEqualTo(Treatment.Kind.TRACE);
    Settings set = read.rules().get(0).settings();
    assertThat(set.decimal("sampling.random")).contains(new BigDecimal("60.5"));
    assertThat(set.parts("tags").get(1).text("header.name")).contains("x-env");
    assertThat(set.parts("backends").get(0).has("zipkin.sharedSpanContext")).isTrue();
  }

  @Test
  void aTraceThatCannotBeSentIsAnError() {
    String zipkin = "backends: [{type: Zipkin, zipkin: {url: '%s'}}]";
    for (String url :
        List.of("https://z:9411/x", "http://z/x", "http://z:9411", "http://u@z:1/x")) {
      assertThat(traceProblems(zipkin.formatted(url)))
          .as(url)
          .singleElement()
          .asString()
          .contains("(expected: http://HOST:PORT/PATH; nothing is sent over TLS)");
    }
    assertThat(traceProblems("backends: [{type: Datadog, datadog: {url: 'http://d:1/x'}}]"))
        .singleElement()
        .asString()
        .contains("(expected: http://HOST:PORT; nothing is sent over TLS)");
    assertThat(
            traceProblems(
                "backends: [{type: Datadog, datadog: {url: 'http://d:1'}}, {type: Datadog, datadog:"
                    + " {url: 'http://d:1'}}]"))
        .singleElement()
        .asString()
        .contains("backends: 2 (expected: 0 to 1)");
    assertThat(traceProblems("backends: [], sampling: {overall: 101}")).hasSize(1);
    assertThat(traceProblems("backends: [], tags: [{name: a}]"))
        .singleElement()
        .asString()
        .contains("tags[0]: neither (expected: literal or header)");
    assertThat(problems("MeshTrace", "targetRef: {kind: Mesh}"))
        .singleElement()
        .asString()
        .contains("default: missing");
  }

  private static List<?> traceProblems(String settings) {
    return problems("MeshTrace", "default: {" + settings + "}");
  }

  private static String limit(String settings) {
    return "from: [{targetRef: {kind: Mesh}, default: {" + settings + "}}]";
  }

  private static Treatment read(String type, String spec) {
    ReadFile read = file(type, spec);
    assertThat(read.problems()).isEmpty();
    return (Treatment) ((Policy) read.resources().get(0)).spec();
  }

  private static List<?> problems(String type, String spec) {
    return file(type, spec).problems();
  }

  private static ReadFile file(String type, String spec) {
    String text = "type: %s%nmesh: default%nname: p%nspec:%n%s".formatted(type, spec.indent(2));
    return new ResourceReader(ResourceReader.Use.FOLDER).read("f.yaml", text);
  }
}
