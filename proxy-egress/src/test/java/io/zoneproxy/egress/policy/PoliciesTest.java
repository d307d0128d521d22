package io.zoneproxy.egress.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.Fraction;
import io.zoneproxy.core.model.policy.MatchTree;
import io.zoneproxy.core.model.policy.Predicate;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.core.resource.policy.Target;
import io.zoneproxy.ingress.policy.Audience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PoliciesTest {
  private static final String SNI = "sni.of.web";

  private static final Map<String, String> API = Map.of("kuma.io/service", "api");

  @Test
  void aMoreSpecificPolicyOverlaysWhatItSaysAndLeavesTheRest() {
    String all = rate("a", "{kind: Mesh}", "http: {requestRate: {num: 5, interval: 1s}}");
    String api =
        rate(
            "z", "{kind: MeshService, name: api}", "tcp: {connectionRate: {num: 7, interval: 1s}}");
    ChainPolicy policy = policies(all + api).ofExternal(API);

    assertThat(policy.connections()).contains(new TokenBucket(7, 7, Duration.ofSeconds(1)));
    assertThat(policy.requests()).isPresent();
    assertThat(policies(all + api).ofExternal(Map.of("kuma.io/service", "db")).connections())
        .isEmpty();
  }

  @Test
  void aLimitThatIsDisabledForOneServiceIsNone() {
    String all = rate("a", "{kind: Mesh}", "http: {requestRate: {num: 5, interval: 1s}}");
    String off = rate("b", "{kind: MeshService, name: api}", "http: {disabled: true}");

    assertThat(policies(all + off).ofExternal(API).requests()).isEmpty();
  }

  @Test
  void aLimitIsFilledNoFasterThanEnvoyWould() {
    String fast = rate("a", "{kind: Mesh}", "tcp: {connectionRate: {num: 5, interval: 1ms}}");

    assertThat(policies(fast).ofExternal(API).connections())
        .contains(new TokenBucket(5, 5, Duration.ofMillis(50)));
  }

  @Test
  void everyCallerHasTheFaultsOfTheLastEntryThatFits() {
    List<HttpFilter> faults =
        policies(
                policy(
                    "MeshFaultInjection",
                    "a",
                    """
                    from:
                      - targetRef: {kind: Mesh}
                        default: {http: [{abort: {httpStatus: 503, percentage: "0.0005"}}]}
                      - targetRef: {kind: MeshSubset, tags: {version: v1, team: x}}
                        default: {http: [{responseBandwidth: {limit: 2Gbps, percentage: 100}}]}
                    """))
            .ofExternal(API)
            .faults();

    HttpFilter.Fault first = (HttpFilter.Fault) faults.get(0);
    assertThat(first.bandwidth())
        .contains(new HttpFilter.Bandwidth(2_000_000, new Fraction(100, 100)));
    assertThat(first.headers()).extracting(each -> each.invert()).containsExactly(false, false);
    // neither team x, or team x and not v1: nobody is in both
    HttpFilter.Fault second = (HttpFilter.Fault) faults.get(1);
    HttpFilter.Fault third = (HttpFilter.Fault) faults.get(2);
    assertThat(faults).hasSize(3);
    assertThat(second.headers()).extracting(each -> each.invert()).containsExactly(true);
    assertThat(third.headers()).extracting(each -> each.invert()).containsExactly(false, true);
    assertThat(second.abort()).isEqualTo(third.abort());
    assertThat(second.abort()).contains(new HttpFilter.Abort(503, new Fraction(5, 1_000_000)));
  }

  @Test
  void aTagIsNoPartOfAnExpression() {
    String odd =
        "from: [{targetRef: {kind: MeshSubset, tags: {version: 'v(1', team: '*'}},"
            + " default: {http: [{abort: {httpStatus: 503}}]}}]";
    HttpFilter.Fault fault =
        (HttpFilter.Fault)
            policies(policy("MeshFaultInjection", "a", odd)).ofExternal(API).faults().get(0);

    assertThat(fault.headers())
        .extracting(each -> each.value().orElseThrow().value())
        .containsExactly(".*&team=[^&]*[,&].*", ".*&version=[^&]*v\\(1[,&].*");
    assertThat(fault.abort()).contains(new HttpFilter.Abort(503, Fraction.ALL));
  }

  @Test
  void aDestinationByNameCountsMoreThanByLabelsAndThoseMoreThanTheMesh() {
    Policies policies =
        policies(
            to("a", "{kind: MeshExternalService, name: web}", "maxConnections: 3")
                + to("b", "{kind: Mesh}", "maxConnections: 1, maxRequests: 1, maxRetries: 9")
                + to(
                    "c",
                    "{kind: MeshExternalService, labels: {team: a}}",
                    "maxConnections: 2, maxRequests: 2")
                + to("d", "{kind: MeshExternalService, name: other}", "maxRetries: 5"));
    ClusterSettings set = policies.ofCluster(service("http"), SNI);

    assertThat(set.limits().maxConnections()).isEqualTo(3);
    assertThat(set.limits().maxRequests()).isEqualTo(2);
    assertThat(set.limits().maxRetries()).isEqualTo(9);
    assertThat(set.outliers()).isEmpty();
  }

  @Test
  void aProbeIsTheOneOfTheProtocol() {
    String check =
        policy(
            "MeshHealthCheck",
            "a",
            "to: [{targetRef: {kind: Mesh}, default: {tcp: {}, http: {disabled: true}, grpc:"
                + " {}}}]");

    assertThat(probe(check, "tcp")).isInstanceOf(HealthCheck.Tcp.class);
    assertThat(probe(check, "grpc")).isInstanceOf(HealthCheck.Grpc.class);
    assertThat(probe(check, "http")).as("its own is off").isInstanceOf(HealthCheck.Tcp.class);
  }

  @Test
  void hashesAreForBalancersByHash() {
    String hash = "hashPolicies: [{type: Header, terminal: true, header: {name: x-user}}]";
    Policies ring = policies(balancing("RingHash", hash));

    assertThat(ring.ofMeshExternal(service("http"), SNI).hash())
        .containsExactly(new HashPolicy(new HashPolicy.Header("x-user"), true));
    assertThat(policies(balancing("Random", hash)).ofMeshExternal(service("http"), SNI).hash())
        .isEmpty();
    assertThat(ring.ofCluster(service("http"), SNI).balancing())
        .isEqualTo(new Balancing.RingHash(Balancing.Hash.XX_HASH, 1024, 8 << 20));
  }

  @Test
  void aPolicyForSomeProxiesDoesNotReachAnEgress() {
    Policies policies =
        policies(
            policy(
                "MeshCircuitBreaker",
                "a",
                """
                targetRef: {kind: MeshService, name: shop}
                to: [{targetRef: {kind: Mesh}, default: {connectionLimits: {maxRequests: 1}}}]
                """));

    assertThat(policies.ofCluster(service("http"), SNI).limits().maxRequests()).isEqualTo(1024);
    assertThat(policies.notReaching()).hasSize(1);
  }

  private static HealthCheck.Probe probe(String check, String protocol) {
    return policies(check).ofCluster(service(protocol), SNI).check().orElseThrow().probe();
  }

  private static String balancing(String type, String hash) {
    return policy(
        "MeshLoadBalancingStrategy",
        "a",
        "to: [{targetRef: {kind: Mesh}, default: {loadBalancer: {type: %s}, %s}}]"
            .formatted(type, hash));
  }

  private static String rate(String name, String target, String local) {
    return policy(
        "MeshRateLimit",
        name,
        "targetRef: %s%nfrom: [{targetRef: {kind: Mesh}, default: {local: {%s}}}]"
            .formatted(target, local));
  }

  private static String to(String name, String target, String limits) {
    return policy(
        "MeshCircuitBreaker",
        name,
        "to: [{targetRef: %s, default: {connectionLimits: {%s}}}]".formatted(target, limits));
  }

  @Test
  void rulesOfAMeshsOwnEgressLimitTheServiceThatTheyNameAndTheOthersElse() {
    String text =
        policy(
            "MeshRateLimit",
            "all",
            """
            targetRef: {kind: Dataplane, labels: {kuma.io/listener-zoneegress: enabled}}
            rules:
              - matches: [{sni: {type: Exact, value: SNI.of.web}}]
                default: {local: {tcp: {connectionRate: {num: 50, interval: 1s}}}}
              - default: {local: {tcp: {connectionRate: {num: 5, interval: 1s}}}}
            """);
    Policies own = new Policies(resources(text), "default", listener());
    assertThat(own.ofMeshExternal(service("tcp"), SNI).connections())
        .contains(new TokenBucket(50, 50, Duration.ofSeconds(1)));
    assertThat(own.ofMeshExternal(service("tcp"), "sni.of.db").connections())
        .contains(new TokenBucket(5, 5, Duration.ofSeconds(1)));
    assertThat(own.inOtherForm()).isEmpty();
    assertThat(policies(text).ofMeshExternal(service("tcp"), SNI).connections()).isEmpty();
    assertThat(policies(text).inOtherForm()).hasSize(1);
  }

  @Test
  void aLimitFromEverybodyIsARuleAtAMeshsOwnEgress() {
    Policies own =
        new Policies(
            resources(rate("a", "{kind: Mesh}", "tcp: {connectionRate: {num: 5, interval: 1s}}")),
            "default",
            listener());
    assertThat(own.ofMeshExternal(service("tcp"), SNI).connections())
        .contains(new TokenBucket(5, 5, Duration.ofSeconds(1)));
    assertThat(own.inOtherForm()).isEmpty();
  }

  @Test
  void rulesLimitCallsAndDestinationsTheirEndpoints() {
    String text =
        policy(
            "MeshTimeout",
            "all",
            """
            rules:
              - matches: [{sni: {type: Exact, value: sni.of.web}}]
                default: {idleTimeout: 5s, http: {requestHeadersTimeout: 6s}}
              - default: {idleTimeout: 7s, http: {requestTimeout: 8s, streamIdleTimeout: 9s}}
            to:
              - targetRef: {kind: MeshExternalService, name: web}
                default: {connectionTimeout: 1s, http: {maxStreamDuration: 2s}}
              - targetRef: {kind: Mesh}
                default: {connectionTimeout: 3s, idleTimeout: 4s, http: {requestTimeout: 10s}}
            """);
    Policies own = new Policies(resources(text), "default", listener());

    CallTimeouts named = own.ofMeshExternal(service("http"), SNI).timeouts();
    assertThat(named.idle()).contains(Duration.ofSeconds(5));
    assertThat(named.http().idle()).contains(Duration.ZERO);
    assertThat(named.http().requestHeaders()).contains(Duration.ofSeconds(6));
    assertThat(named.response()).as("Kuma's default").isEqualTo(Duration.ofSeconds(15));
    assertThat(named.stillness()).as("of the rule before").contains(Duration.ofSeconds(9));
    CallTimeouts other = own.ofMeshExternal(service("http"), "sni.of.db").timeouts();
    assertThat(other.response()).isEqualTo(Duration.ofSeconds(8));
    assertThat(other.idle()).contains(Duration.ofSeconds(7));

    ClusterSettings http = own.ofCluster(service("http"), SNI);
    assertThat(http.timeouts().connect()).contains(Duration.ofSeconds(1));
    assertThat(http.timeouts().idle()).contains(Duration.ofSeconds(4));
    assertThat(http.timeouts().maxStream()).contains(Duration.ofSeconds(2));
    ClusterSettings grpc = own.ofCluster(service("grpc"), SNI);
    assertThat(grpc.timeouts().connect()).contains(Duration.ofSeconds(1));
    assertThat(grpc.timeouts().idle()).as("of the rule").contains(Duration.ofSeconds(5));
  }

  @Test
  void withoutATimeoutPolicyNothingIsLimited() {
    Policies own = new Policies(resources(""), "default", listener());
    assertThat(own.ofMeshExternal(service("http"), SNI).timeouts()).isEqualTo(CallTimeouts.NONE);
    assertThat(own.ofCluster(service("http"), SNI).timeouts()).isEqualTo(UpstreamTimeouts.NONE);
  }

  @Test
  void aTimeoutDoesNotReachAZonesEgress() {
    String text =
        policy(
            "MeshTimeout",
            "a",
            """
            rules: [{default: {http: {requestTimeout: 1s}}}]
            to: [{targetRef: {kind: Mesh}, default: {connectionTimeout: 1s}}]
            """);
    assertThat(policies(text).ofCluster(service("http"), SNI).timeouts())
        .isEqualTo(UpstreamTimeouts.NONE);
    assertThat(policies(text).ofMeshExternal(service("http"), SNI)).isEqualTo(ChainPolicy.NONE);
    assertThat(policies(text).notReaching()).isEmpty();
  }

  @Test
  void aFaultByARuleMeetsTheCallersThatItNames() {
    String text =
        policy(
            "MeshFaultInjection",
            "slow",
            """
            rules:
              - matches:
                  - {spiffeID: {type: Exact, value: "spiffe://a/b"}, sni: {type: Exact, value: sni.of.web}}
                  - {spiffeID: {type: Prefix, value: "spiffe://c/"}}
                default: {http: [{delay: {value: 1s}}]}
              - matches: [{sni: {type: Exact, value: elsewhere}}]
                default: {http: [{abort: {httpStatus: 503}}]}
            """);
    Policies own = new Policies(resources(text), "default", listener());
    HttpFilter fault = own.ofMeshExternal(service("http"), SNI).faults().get(0);
    assertThat(own.ofMeshExternal(service("http"), SNI).faults()).hasSize(1);
    Predicate one =
        new Predicate.Single(Predicate.Input.URI_SAN, StringMatch.exact("spiffe://a/b"));
    Predicate other =
        new Predicate.Single(Predicate.Input.URI_SAN, StringMatch.prefix("spiffe://c/"));
    assertThat(fault)
        .isInstanceOfSatisfying(
            HttpFilter.Conditional.class,
            each -> {
              assertThat(each.name()).isEqualTo("slow");
              assertThat(each.skip().branches())
                  .containsExactly(
                      new MatchTree.Branch<>(
                          new Predicate.Not(new Predicate.Or(List.of(one, other))), true));
            });
    assertThat(own.ofMeshExternal(service("http"), "elsewhere").faults())
        .hasSize(2)
        .last()
        .isInstanceOf(HttpFilter.Fault.class);
  }

  @Test
  void aPolicyForAListenerIsForNoOtherAndANameThatIsNoneIsToldAsSuch() {
    Audience own = listener();
    String mine = "kuma.io/listener-zoneegress";
    assertThat(own.has(new Target(Target.DATAPLANE, "", Map.of()))).isTrue();
    assertThat(own.has(new Target(Target.DATAPLANE, "zp-1", Map.of(), "ze-port"))).isTrue();
    assertThat(own.has(new Target(Target.DATAPLANE, "", Map.of(mine, "enabled"), "zi-port")))
        .isFalse();
    assertThat(own.has(new Target(Target.DATAPLANE, "", Map.of("app", "other")))).isFalse();
    assertThat(own.has(new Target(Target.SUBSET, "", Map.of()))).isFalse();
    assertThat(own.misspelt(new Target(Target.DATAPLANE, "", Map.of(mine, "enabled"), "ze-prot")))
        .get()
        .asString()
        .contains("ze-prot", "expected: one of zi-port, ze-port", "ze-port?");
    assertThat(own.misspelt(new Target(Target.DATAPLANE, "", Map.of(mine, "enabled"), "zi-port")))
        .isEmpty();
    assertThat(own.misspelt(new Target(Target.DATAPLANE, "other", Map.of(), "main"))).isEmpty();
  }

  private static Audience listener() {
    Dataplane.Listener in =
        new Dataplane.Listener(Role.ZONE_INGRESS, new HostPort("10.9.0.1", 10001), "zi-port");
    Dataplane.Listener out =
        new Dataplane.Listener(Role.ZONE_EGRESS, new HostPort("10.9.0.1", 10002), "ze-port");
    Meta meta = new Meta("Dataplane", "zp-1", "default", Map.of(), Source.ofFile("own.yaml"));
    return Audience.of(
        new Dataplane(meta, "10.9.0.1", 0, List.of(), List.of(in, out)), out, "zone-1");
  }

  private static String policy(String type, String name, String spec) {
    return "---%ntype: %s%nmesh: default%nname: %s%nspec:%n%s%n"
        .formatted(type, name, spec.indent(2));
  }

  private static Policies policies(String text) {
    return new Policies(resources(text), "default", Audience.OF_ZONE);
  }

  private static MeshExternalService service(String protocol) {
    String text =
        """
        type: MeshExternalService
        mesh: default
        name: web
        labels: {team: a}
        spec:
          match: {type: HostnameGenerator, port: 443, protocol: %s}
          endpoints: [{address: localhost, port: 443}]
        """
            .formatted(protocol);
    return resources(text).of(MeshExternalService.class).findFirst().orElseThrow();
  }

  private static Resources resources(String text) {
    ReadFile read = new ResourceReader(ResourceReader.Use.FOLDER).read("f.yaml", text);
    assertThat(read.problems()).isEmpty();
    return new Resources(read.resources());
  }
}
