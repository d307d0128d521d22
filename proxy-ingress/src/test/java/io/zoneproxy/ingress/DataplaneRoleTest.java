package io.zoneproxy.ingress;

import static io.zoneproxy.core.resource.Worlds.dataplane;
import static io.zoneproxy.core.resource.Worlds.inbound;
import static io.zoneproxy.core.resource.Worlds.mesh;
import static io.zoneproxy.core.resource.Worlds.meshService;
import static io.zoneproxy.core.resource.Worlds.zoneProxy;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.config.kuma.ReadFile;
import io.zoneproxy.core.config.kuma.ResourceReader;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Mesh.MeshServicesMode;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Worlds;
import io.zoneproxy.ingress.translate.Translation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What policies say of a mesh's own way in, in the program that ends no TLS too. */
final class DataplaneRoleTest {
  private static final Dataplane.Listener FIRST =
      new Dataplane.Listener(Role.ZONE_INGRESS, new HostPort("10.9.0.1", 10001), "first");
  private static final Dataplane.Listener SECOND =
      new Dataplane.Listener(Role.ZONE_INGRESS, new HostPort("10.9.0.1", 10003), "second");
  private static final String BACKEND = "sni.msvc.default.zone-1.backend.8080";
  private static final String WEB = "sni.msvc.default.zone-1.web.8080";
  private static final TokenBucket FIVE = new TokenBucket(5, 5, Duration.ofSeconds(1));
  private static final TokenBucket NINE = new TokenBucket(9, 9, Duration.ofSeconds(1));

  @Test
  void withoutPoliciesAChainIsAPlainRelay() {
    assertThat(chain(translate(""), 0, BACKEND).isPlainRelay()).isTrue();
    assertThat(idle(chain(translate(""), 0, BACKEND))).isEmpty();
  }

  @Test
  void aRuleForAllIsForEveryServiceAndOneByServerNameForItsOwn() {
    Translation translation =
        translate(
            policy("MeshTimeout", "", "{default: {idleTimeout: 14s}}", named("idleTimeout: 7s"))
                + policy(
                    "MeshRateLimit", "", "{default: {%s}}".formatted(rate(5)), named(rate(9))));
    assertThat(idle(chain(translation, 0, BACKEND))).contains(Duration.ofSeconds(14));
    assertThat(idle(chain(translation, 0, WEB))).contains(Duration.ofSeconds(7));
    assertThat(chain(translation, 0, BACKEND).filters())
        .containsExactly(new NetworkFilter.RateLimit(FIVE));
    assertThat(chain(translation, 0, WEB).filters())
        .containsExactly(new NetworkFilter.RateLimit(NINE));
    assertThat(translation.notices()).isEmpty();
  }

  @Test
  void aPolicyForOneListenerIsForNoOther() {
    Translation translation =
        translate(policy("MeshTimeout", ", sectionName: second", "{default: {idleTimeout: 14s}}"));
    assertThat(idle(chain(translation, 0, BACKEND))).isEmpty();
    assertThat(idle(chain(translation, 1, BACKEND))).contains(Duration.ofSeconds(14));
  }

  @Test
  void theConnectTimeoutIsTheProxysOwnAsInKuma() {
    Translation translation =
        translate(policy("MeshTimeout", "", "{default: {connectionTimeout: 8s}}"));
    assertThat(translation.clusters().values())
        .extracting(cluster -> cluster.policy().connectTimeout())
        .containsOnly(Optional.empty());
    assertThat(translation.notices())
        .extracting(notice -> notice.field())
        .containsExactly("spec.rules[0].default.connectionTimeout");
  }

  @Test
  void aListenerThatIsNoneIsToldAsSuch() {
    Translation translation =
        translate(policy("MeshTimeout", ", sectionName: secnd", "{default: {idleTimeout: 14s}}"));
    assertThat(translation.notices())
        .singleElement()
        .asString()
        .contains("spec.targetRef.sectionName", "expected: one of first, second", "second?");
  }

  @Test
  void whatDoesNothingIsSaidWhereItStands() {
    String from = "{targetRef: {kind: Mesh}, default: {%s}}";
    String requests = "local: {http: {requestRate: {num: 1, interval: 1s}}}";
    String faults = "{default: {http: [{abort: {httpStatus: 500, percentage: 1}}]}}";
    assertThat(lost(policy("MeshTimeout", "", from.formatted("connectionTimeout: 8s")), "from"))
        .containsExactly("spec.from[0].default.connectionTimeout");
    assertThat(lost(policy("MeshTimeout", "", from.formatted("idleTimeout: 8s")), "to"))
        .containsExactly("spec.to[0]");
    assertThat(lost(policy("MeshRateLimit", "", from.formatted(requests)), "from"))
        .containsExactly("spec.from[0].default.local.http");
    assertThat(
            lost(
                policy(
                    "MeshAccessLog",
                    "",
                    "{matches: [{spiffeID: {type: Exact, value: spiffe://a/b}}],"
                        + " default: {backends: []}}"),
                "rules"))
        .containsExactly("spec.rules[0].matches");
    assertThat(lost(policy("MeshFaultInjection", "", faults), "rules")).containsExactly("type");
  }

  private static List<String> lost(String policy, String list) {
    return translate(policy.replace("rules: [", list + ": [")).notices().stream()
        .map(Problem::field)
        .toList();
  }

  private static String named(String set) {
    return "{matches: [{sni: {type: Exact, value: %s}}], default: {%s}}".formatted(WEB, set);
  }

  private static String rate(int number) {
    return "local: {tcp: {connectionRate: {num: %d, interval: 1s}}}".formatted(number);
  }

  private static String policy(String type, String section, String... rules) {
    return """
    ---
    type: %s
    mesh: default
    name: limits
    spec:
      targetRef: {kind: Dataplane, labels: {kuma.io/listener-zoneingress: enabled}%s}
      rules: [%s]
    """
        .formatted(type, section, String.join(", ", rules));
  }

  private static ChainSpec chain(Translation translation, int listener, String serverName) {
    return translation.listeners().get(listener).chains().stream()
        .filter(chain -> chain.serverName().equals(serverName))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Duration> idle(ChainSpec chain) {
    TcpOptions options = ((Terminal.TcpProxy) chain.terminal()).options();
    return options.idleTimeout();
  }

  private static Translation translate(String policies) {
    ReadFile read = new ResourceReader(ResourceReader.Use.FOLDER).read("f.yaml", policies);
    assertThat(read.problems()).isEmpty();
    List<? extends Resource> all = read.resources();
    Worlds world =
        Worlds.empty()
            .add(
                mesh("default", MeshServicesMode.EXCLUSIVE),
                dataplane("default", "backend-1", inbound("10.10.0.1", 8080, "backend")),
                meshService("default", "backend", 8080),
                meshService("default", "web", 8080))
            .add(all.toArray(Resource[]::new));
    return new DataplaneRole()
        .translate(zoneProxy("default", FIRST, SECOND), world.resources(), "zone-1");
  }
}
