package io.zoneproxy.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.policy.TokenBucket;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.NameTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TableBuilderTest {
  private static final SecretName SECRET = SecretName.of("s");

  private final Map<String, Cluster> clusters = new HashMap<>();
  private final NameTable names =
      new NameTable(
          host -> {
            throw new AssertionError(host);
          });
  private final List<ChainSpec> asked = new ArrayList<>();
  private ChainEngine.Outcome outcome = new ChainEngine.Handlers(channel -> {});

  private final TableBuilder builder =
      new TableBuilder(
          (listener, chain, snapshot, clusters) -> {
            asked.add(chain);
            return outcome;
          },
          name -> clusters.computeIfAbsent(name, it -> new Cluster(Specs.cluster(it), names)));

  private static ListenerSpec listener(ChainSpec... chains) {
    return new ListenerSpec("l", new HostPort("127.0.0.1", 10_001), List.of(chains));
  }

  private static ChainSpec chain(
      String name, String serverName, TransportProtocol transport, NetworkFilter... filters) {
    return new ChainSpec(
        name,
        serverName,
        transport,
        Optional.empty(),
        List.of(filters),
        Terminal.TcpProxy.to(new Destination.ToCluster("to:" + name, Map.of())));
  }

  private static ChainSpec terminating(String serverName) {
    ServerTls tls =
        new ServerTls(
            List.of(new CertificateSource.Named(SECRET)),
            Optional.empty(),
            false,
            TlsVersions.DEFAULT,
            List.of());
    return new ChainSpec(
        "",
        serverName,
        TransportProtocol.TLS,
        Optional.of(tls),
        List.of(),
        new Terminal.TcpProxy(new Destination.ToCluster("c", Map.of()), TcpOptions.DEFAULT));
  }

  private static ProxySnapshot secrets(SecretName name, String pem) {
    return new ProxySnapshot(
        List.of(),
        Map.of(),
        Map.of(name, new SecretSpec.Certificate(pem, new PrivateKeyText("key"))));
  }

  private SniTable table(ListenerSpec listener, SniTable before) {
    return builder.table(listener, ProxySnapshot.EMPTY, before);
  }

  private static String cluster(FilterChain chain) {
    assertThat(chain).isInstanceOf(FilterChain.Passthrough.class);
    return ((FilterChain.Passthrough) chain).upstreams().choose().cluster().name();
  }

  private static CloseReason reason(FilterChain chain) {
    assertThat(chain).isInstanceOf(FilterChain.Refuse.class);
    return ((FilterChain.Refuse) chain).reason();
  }

  @Test
  void choosesByTransportAmongTheChainsOfOneName() {
    SniTable table =
        table(
            listener(
                chain("tls", "", TransportProtocol.TLS),
                chain("plain", "", TransportProtocol.PLAIN),
                chain("any", "", TransportProtocol.ANY),
                chain("a-any", "a", TransportProtocol.ANY)),
            SniTable.EMPTY);
    assertThat(cluster(table.match(Opening.tls("x")))).isEqualTo("to:tls");
    assertThat(cluster(table.match(Opening.tls("a")))).isEqualTo("to:a-any");
    assertThat(cluster(table.match(Opening.PLAIN))).isEqualTo("to:plain");
  }

  @Test
  void givesAChainForAnythingWhatHasNoChainOfItsOwn() {
    SniTable table = table(listener(chain("any", "", TransportProtocol.ANY)), SniTable.EMPTY);
    assertThat(cluster(table.match(Opening.tls("x")))).isEqualTo("to:any");
    assertThat(cluster(table.match(Opening.PLAIN))).isEqualTo("to:any");
  }

  @Test
  void neverGoesBackToAShorterName() {
    SniTable table =
        table(
            listener(
                chain("hidden", "a", TransportProtocol.PLAIN),
                chain("wild", "*.b", TransportProtocol.PLAIN),
                chain("rest", "", TransportProtocol.TLS)),
            SniTable.EMPTY);
    assertThat(reason(table.match("a"))).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(reason(table.match("x.b"))).isEqualTo(CloseReason.NO_ROUTE);
    assertThat(cluster(table.match("c"))).isEqualTo("to:rest");
    assertThat(reason(table.match(Opening.PLAIN))).isEqualTo(CloseReason.NOT_TLS);
  }

  @Test
  void namesTwoChainsWithOneMatch() {
    for (TransportProtocol transport : TransportProtocol.values()) {
      ListenerSpec twice = listener(chain("one", "A", transport), chain("two", "a", transport));
      assertThatThrownBy(() -> table(twice, SniTable.EMPTY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "server name a: two chains take it (one and two, transport " + transport + ")");
    }
  }

  @Test
  void keepsTheTableOfAListenerThatDidNotChange() {
    SniTable one = table(listener(chain("a", "a", TransportProtocol.TLS)), SniTable.EMPTY);
    assertThat(table(listener(chain("a", "a", TransportProtocol.TLS)), one)).isSameAs(one);
    assertThat(table(listener(chain("a", "b", TransportProtocol.TLS)), one)).isNotSameAs(one);
  }

  @Test
  void keepsWhatServesAChainAsLongAsItAndItsSecretsStay() {
    SniTable one = builder.table(listener(terminating("a")), secrets(SECRET, "1"), SniTable.EMPTY);
    SniTable two =
        builder.table(listener(terminating("b"), terminating("a")), secrets(SECRET, "1"), one);
    assertThat(two.match("a")).isSameAs(one.match("a"));
    assertThat(asked).hasSize(2);
    assertThat(
            builder.table(listener(terminating("b"), terminating("a")), secrets(SECRET, "1"), two))
        .isSameAs(two);
    SniTable three =
        builder.table(listener(terminating("b"), terminating("a")), secrets(SECRET, "2"), two);
    assertThat(three.match("a")).isNotSameAs(two.match("a"));
    assertThat(asked).hasSize(4);
  }

  @Test
  void doesNotMindSecretsOfOthers() {
    SniTable one =
        builder.table(
            listener(terminating("a")), secrets(SecretName.of("other"), "1"), SniTable.EMPTY);
    assertThat(builder.table(listener(terminating("a")), secrets(SecretName.of("other"), "2"), one))
        .isSameAs(one);
  }

  @Test
  void asksAgainForWhatWasUnavailable() {
    outcome = new ChainEngine.Unavailable("secret s: has not arrived");
    SniTable one = table(listener(terminating("a")), SniTable.EMPTY);
    assertThat(reason(one.match("a"))).isEqualTo(CloseReason.REFUSED);
    assertThat(one.match("a").keepsLive()).as("who got in before may stay").isTrue();
    assertThat(((FilterChain.Refuse) one.match("a")).detail())
        .isEqualTo("secret s: has not arrived");
    outcome = new ChainEngine.Handlers(channel -> {});
    assertThat(table(listener(terminating("a")), one).match("a"))
        .isInstanceOf(FilterChain.Terminate.class);
  }

  private static NetworkFilter limit(int tokens) {
    return new NetworkFilter.RateLimit(new TokenBucket(tokens, 1, Duration.ofHours(1)));
  }

  private static boolean passes(SniTable table) {
    FilterChain.Passthrough chain = (FilterChain.Passthrough) table.match("a");
    return chain.gate().refusal(null, "a", new ListenerStats("l")) == null;
  }

  @Test
  void keepsTheTokensOfALimitThatDidNotChange() {
    SniTable one =
        table(listener(chain("x", "a", TransportProtocol.TLS, limit(1))), SniTable.EMPTY);
    assertThat(passes(one)).isTrue();
    SniTable two = table(listener(chain("y", "a", TransportProtocol.TLS, limit(1))), one);
    assertThat(two).isNotSameAs(one);
    assertThat(passes(two)).isFalse();
    SniTable three = table(listener(chain("y", "a", TransportProtocol.TLS, limit(2))), two);
    assertThat(passes(three)).isTrue();
  }

  @Test
  void refusesEverybodyWhoseRulesItCannotDecide() {
    Permission regex =
        new Permission.ServerName(new StringMatch(StringMatch.Kind.REGEX, "(a", false));
    RbacSpec.Policy policy = new RbacSpec.Policy("p", List.of(regex), List.of(new Principal.Any()));
    RbacSpec spec =
        new RbacSpec(
            Optional.of(new RbacSpec.Rules(RbacSpec.Action.DENY, List.of(policy))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    SniTable table =
        table(
            listener(chain("x", "a", TransportProtocol.TLS, new NetworkFilter.Rbac(spec))),
            SniTable.EMPTY);
    assertThat(reason(table.match("a"))).isEqualTo(CloseReason.NOT_SUPPORTED);
  }

  @Test
  void countsAsRoutesWhatAMeshIsFor() {
    ChainSpec answer =
        new ChainSpec(
            "",
            "",
            TransportProtocol.ANY,
            Optional.empty(),
            List.of(),
            new Terminal.DirectResponse("{}"));
    assertThat(table(listener(answer), SniTable.EMPTY).routes()).isZero();
    assertThat(
            table(listener(answer, chain("a", "a", TransportProtocol.TLS)), SniTable.EMPTY)
                .routes())
        .isEqualTo(1);
  }

  @Test
  void aTableWithOneRelayMoreOrLessTakesWhatABuiltOneTakes() {
    List<ChainSpec> chains = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      chains.add(ChainSpec.passthrough(i % 9 == 0 ? "*.S" + i : "s" + i, "c" + i, Map.of()));
    }
    SniTable table = builder.table(of(chains), ProxySnapshot.EMPTY, SniTable.EMPTY);
    FilterChain kept = table.match("s20");
    for (int step = 0; step < 60; step++) {
      chains = new ArrayList<>(chains);
      if (step % 2 == 0) {
        chains.add(step % chains.size(), ChainSpec.passthrough("n" + step, "d", Map.of()));
      } else if (step % 3 == 0) {
        String name = chains.get(step % 7).serverName();
        chains.set(step % 7, ChainSpec.passthrough(name, "e", Map.of()));
      } else {
        chains.remove(chains.size() - 1);
      }
      table = builder.table(of(chains), ProxySnapshot.EMPTY, table);
      SniTable built = builder.table(of(chains), ProxySnapshot.EMPTY, SniTable.EMPTY);
      assertThat(table.routes()).isEqualTo(built.routes());
      assertThat(table.serving()).isEqualTo(built.serving());
      for (int i = 0; i < 60; i++) {
        for (String name : List.of("s" + i, "n" + i, "x.s" + i)) {
          assertThat(table.match(name)).isEqualTo(built.match(name));
        }
      }
    }
    assertThat(table.match("s20")).isEqualTo(kept);
  }

  @Test
  void aRelayMoreThatTakesWhatAnotherTakesIsRefused() {
    List<ChainSpec> chains = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      chains.add(ChainSpec.passthrough("s" + i, "c", Map.of()));
    }
    SniTable table = builder.table(of(chains), ProxySnapshot.EMPTY, SniTable.EMPTY);
    List<ChainSpec> more = new ArrayList<>(chains);
    more.add(ChainSpec.passthrough("S1", "d", Map.of()));
    assertThatThrownBy(() -> builder.table(of(more), ProxySnapshot.EMPTY, table))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two chains take it");
  }

  private static ListenerSpec of(List<ChainSpec> chains) {
    return listener(chains.toArray(ChainSpec[]::new));
  }
}
