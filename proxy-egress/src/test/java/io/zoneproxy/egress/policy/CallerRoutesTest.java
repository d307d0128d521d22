package io.zoneproxy.egress.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.ingress.policy.Audience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In the order, and with the merging, that kuma-cp 2.14 has for rules with a spiffeID. */
final class CallerRoutesTest {
  private static final String SNI = "sni.extsvc.default.zone-1.web.443";
  private static final String LIMITS = "kuma.mesh_rate_limit.match.spiffe_id";
  private static final String TIMEOUTS = "kuma.mesh_timeout.match.spiffe_id";

  @Test
  void wholeIdsComeBeforePrefixesAndRulesThatNameTheChainBeforeOthersAndLongPrefixesBeforeShort() {
    ChainPolicy policy =
        policy(
            limits(
                rule("{spiffeID: {type: Prefix, value: \"spiffe://a/\"}}", requests(1)),
                rule("{spiffeID: {type: Prefix, value: \"spiffe://a/ns/\"}}", requests(2)),
                rule("{spiffeID: {type: Exact, value: \"spiffe://a/x\"}}", requests(3)),
                rule("{spiffeID: {type: Prefix, value: \"spiffe://b/\"}%s}", requests(4), SNI),
                rule("{spiffeID: {type: Exact, value: \"spiffe://a/y\"}%s}", requests(5), SNI),
                rule("{spiffeID: {type: Exact, value: \"spiffe://a/z\"}%s}", requests(6), "x")));
    assertThat(policy.some())
        .extracting(each -> each.callers().get(LIMITS))
        .containsExactly(
            StringMatch.exact("spiffe://a/y"),
            StringMatch.exact("spiffe://a/x"),
            StringMatch.prefix("spiffe://b/"),
            StringMatch.prefix("spiffe://a/ns/"),
            StringMatch.prefix("spiffe://a/"));
    assertThat(policy.some()).extracting(CallerRoutesTest::count).containsExactly(5, 3, 4, 2, 1);
    assertThat(policy.requests()).as("nobody else has a limit").isEmpty();
  }

  @Test
  void aRuleForFewerLaysItsFieldsOverThoseOfRulesForMoreAndForEverybody() {
    ChainPolicy policy =
        policy(
            limits(
                "    - default: {local: {http: {requestRate: {num: 9, interval: 1s}, onRateLimit:"
                    + " {status: 503}}}}\n",
                rule(
                    "{spiffeID: {type: Prefix, value: \"spiffe://a/\"}}",
                    "local: {http: {onRateLimit: {status: 444}}}"),
                rule("{spiffeID: {type: Exact, value: \"spiffe://a/x\"}}", requests(3))));
    assertThat(policy.some()).extracting(CallerRoutesTest::count).containsExactly(3, 9);
    assertThat(policy.some())
        .extracting(each -> ((HttpFilter.RateLimit) each.requests().orElseThrow()).status())
        .containsExactly(444, 444);
    assertThat(((HttpFilter.RateLimit) policy.requests().orElseThrow()).status()).isEqualTo(503);
  }

  @Test
  void aLimitThatIsDisabledForACallerIsNoneForThatOne() {
    ChainPolicy policy =
        policy(
            limits(
                "    - default: {%s}\n".formatted(requests(1)),
                rule(
                    "{spiffeID: {type: Exact, value: \"spiffe://a/x\"}}",
                    "local: {http: {disabled: true}}")));
    assertThat(policy.some()).extracting(CallerRoute::requests).containsExactly(Optional.empty());
    assertThat(policy.requests()).isPresent();
  }

  @Test
  void whereNobodyHasALimitThereIsNoRouteForCallers() {
    assertThat(
            policy(
                    limits(
                        rule(
                            "{spiffeID: {type: Exact, value: \"spiffe://a/x\"}}",
                            "local: {http: {disabled: true}}"),
                        rule(
                            "{spiffeID: {type: Exact, value: \"spiffe://a/y\"}}",
                            "local: {tcp: {connectionRate: {num: 1, interval: 1s}}}")))
                .some())
        .isEmpty();
  }

  @Test
  void timesForACallerTakeThePlaceOfThoseForEverybodyEachByItself() {
    ChainPolicy policy =
        policy(
            timeouts(
                "    - default: {http: {requestTimeout: 8s, streamIdleTimeout: 9s}}\n",
                rule(
                    "{spiffeID: {type: Prefix, value: \"spiffe://a/\"}}",
                    "http: {requestTimeout: 2s}"),
                rule(
                    "{spiffeID: {type: Exact, value: \"spiffe://a/x\"}}",
                    "http: {streamIdleTimeout: 3s}"),
                rule("{spiffeID: {type: Exact, value: \"spiffe://a/y\"}}", "idleTimeout: 1s")));
    assertThat(policy.some())
        .containsExactly(
            route(Map.of(TIMEOUTS, StringMatch.exact("spiffe://a/x")), 2, 3),
            route(Map.of(TIMEOUTS, StringMatch.prefix("spiffe://a/")), 2, 9));
  }

  private static CallerRoute route(Map<String, StringMatch> callers, int response, int stillness) {
    return new CallerRoute(
        callers,
        Optional.empty(),
        Duration.ofSeconds(response),
        Optional.of(Duration.ofSeconds(stillness)));
  }

  @Test
  void aCallerWithALimitAndATimeHasBoth() {
    ChainPolicy policy =
        policy(
            limits(
                    rule("{spiffeID: {type: Exact, value: \"spiffe://a/x\"}}", requests(1)),
                    rule("{spiffeID: {type: Exact, value: \"spiffe://b/x\"}}", requests(2)))
                + timeouts(
                    rule(
                        "{spiffeID: {type: Prefix, value: \"spiffe://a/\"}}",
                        "http: {requestTimeout: 2s}")));
    StringMatch one = StringMatch.exact("spiffe://a/x");
    StringMatch all = StringMatch.prefix("spiffe://a/");
    assertThat(policy.some())
        .extracting(CallerRoute::callers)
        .containsExactly(
            Map.of(LIMITS, one, TIMEOUTS, all),
            Map.of(LIMITS, one),
            Map.of(LIMITS, StringMatch.exact("spiffe://b/x")),
            Map.of(TIMEOUTS, all));
    assertThat(policy.some())
        .extracting(CallerRoute::response)
        .containsExactly(
            Duration.ofSeconds(2), Duration.ZERO, Duration.ZERO, Duration.ofSeconds(2));
  }

  @Test
  void whatARuleForSomeSaysOfConnectionsIsToldAsWithoutEffect() {
    String text =
        limits(
                rule(
                    "{spiffeID: {type: Exact, value: \"spiffe://a/x\"}}",
                    "local: {tcp: {connectionRate: {num: 1, interval: 1s}}}"))
            + timeouts(
                rule(
                    "{spiffeID: {type: Exact, value: \"spiffe://a/x\"}}",
                    "connectionTimeout: 1s, idleTimeout: 1s, http: {requestTimeout: 1s,"
                        + " requestHeadersTimeout: 1s}"));
    assertThat(policies(text).lost())
        .extracting(lost -> lost.field() + " in " + lost.expected())
        .containsExactlyInAnyOrder(
            "spec.rules[0].default.local.tcp in a rule without spiffeID",
            "spec.rules[0].default.connectionTimeout in to",
            "spec.rules[0].default.idleTimeout in a rule without spiffeID",
            "spec.rules[0].default.http.requestHeadersTimeout in a rule without spiffeID");
    assertThat(policies(text).ofMeshExternal(service(), SNI).connections()).isEmpty();
  }

  private static int count(CallerRoute route) {
    return ((HttpFilter.RateLimit) route.requests().orElseThrow())
        .bucket()
        .map(TokenBucket::maxTokens)
        .orElseThrow();
  }

  private static String requests(int number) {
    return "local: {http: {requestRate: {num: %d, interval: 1s}}}".formatted(number);
  }

  private static String rule(String match, String set) {
    return "    - {matches: [%s], default: {%s}}\n".formatted(match, set);
  }

  private static String rule(String match, String set, String serverName) {
    return rule(match.formatted(", sni: {type: Exact, value: %s}".formatted(serverName)), set);
  }

  private static String limits(String... rules) {
    return document("MeshRateLimit", rules);
  }

  private static String timeouts(String... rules) {
    return document("MeshTimeout", rules);
  }

  private static String document(String type, String... rules) {
    return "---\ntype: %s\nmesh: default\nname: a\nspec:\n  rules:\n%s"
        .formatted(type, String.join("", rules));
  }

  private static ChainPolicy policy(String text) {
    return policies(text).ofMeshExternal(service(), SNI);
  }

  private static Policies policies(String text) {
    Dataplane.Listener out =
        new Dataplane.Listener(Role.ZONE_EGRESS, new HostPort("10.9.0.1", 10002), "ze-port");
    Meta meta = new Meta("Dataplane", "zp-1", "default", Map.of(), Source.ofFile("own.yaml"));
    Dataplane own = new Dataplane(meta, "10.9.0.1", 0, List.of(), List.of(out));
    return new Policies(resources(text), "default", Audience.of(own, out, "zone-1"));
  }

  private static MeshExternalService service() {
    String text =
        """
        type: MeshExternalService
        mesh: default
        name: web
        spec:
          match: {type: HostnameGenerator, port: 443, protocol: http}
          endpoints: [{address: localhost, port: 443}]
        """;
    return resources(text).of(MeshExternalService.class).findFirst().orElseThrow();
  }

  private static Resources resources(String text) {
    ReadFile read = new ResourceReader(ResourceReader.Use.FOLDER).read("f.yaml", text);
    assertThat(read.problems()).isEmpty();
    return new Resources(read.resources());
  }
}
