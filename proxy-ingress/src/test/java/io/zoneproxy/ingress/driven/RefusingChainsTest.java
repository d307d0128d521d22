package io.zoneproxy.ingress.driven;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ListenerSpec.Peeking;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.ingress.ZoneProxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Chains that refuse everybody are said, each once for a reason. */
final class RefusingChainsTest {
  private static final ServerTls TLS =
      new ServerTls(List.of(), Optional.empty(), true, TlsVersions.DEFAULT, List.of());

  private final ZoneProxy proxy = ZoneProxy.builder().concurrency(1).startEmpty();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> news = new ArrayList<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final RefusingChains refusing =
      new RefusingChains(warnings::add, news::add, proxy.view(), later::add);

  @AfterEach
  void close() {
    proxy.close();
  }

  /** Kuma sends none of these. */
  private static ChainSpec unserved(String serverName) {
    return new ChainSpec(
        "",
        serverName,
        TransportProtocol.TLS,
        Optional.of(TLS),
        List.of(),
        new Terminal.DirectResponse("x"));
  }

  private static ChainSpec crossZone(String serverName) {
    return ChainSpec.passthrough(serverName, "c", Map.of());
  }

  private void apply(ChainSpec... chains) {
    proxy.apply(
        new ProxySnapshot(
            List.of(
                new ListenerSpec(
                    "l", new HostPort("127.0.0.1", 0), Peeking.CLIENT_HELLO, List.of(chains))),
            Map.of("c", new ClusterSpec("c", List.of(), ClusterPolicy.DEFAULT))));
    refusing.onApplied();
    refusing.onApplied();
    assertThat(later).hasSize(1);
    later.remove().run();
  }

  private static ChainSpec refused(String serverName) {
    return new ChainSpec(
        "a_m",
        serverName,
        TransportProtocol.TLS,
        Optional.empty(),
        List.of(),
        new Terminal.Refusal("cluster c: has not been sent"));
  }

  @Test
  void eachIsNamedOnceWithItsReason() {
    apply(crossZone("web"), unserved("api\n"));
    assertThat(proxy.view().server().config.chainsRefusing.get()).isOne();
    assertThat(proxy.view().server().controlPlane.chainsUnsupported.get()).isOne();
    apply(crossZone("web"), unserved("api\n"), crossZone("new"));
    assertThat(warnings)
        .containsExactly(
            "chain api  refuses every connection: TLS that ends here, DirectResponse: not supported"
                + " yet");

    warnings.clear();
    apply(crossZone("web"));
    assertThat(warnings).isEmpty();
    assertThat(news).containsExactly("no chain refuses every connection any more");
    assertThat(proxy.view().server().config.chainsRefusing.get()).isZero();
  }

  @Test
  void oneThatLacksSomethingIsNamedWithIt() {
    apply(crossZone("web"), refused("a{mesh=m}"), refused("a{mesh=m,version=v1}"));
    assertThat(warnings)
        .containsExactly(
            "chain a_m (a{mesh=m} and 1 more) refuses every connection: cluster c: has not been"
                + " sent");
    assertThat(proxy.view().server().config.chainsRefusing.get()).isEqualTo(2);
    assertThat(proxy.view().server().controlPlane.chainsUnsupported.get()).isZero();
  }

  @Test
  void manyAreSummedUp() {
    apply(IntStream.range(0, 7).mapToObj(i -> unserved("s" + i)).toArray(ChainSpec[]::new));
    assertThat(warnings).hasSize(6);
    assertThat(warnings.get(4)).startsWith("chain s4 refuses");
    assertThat(warnings.get(5))
        .isEqualTo("… and 2 more chains refuse every connection; /explain?sni=NAME says why");
  }

  @Test
  void theOneThatAControlPlaneWithoutServicesSendsIsNoneOfThem() {
    apply(
        new ChainSpec(
            "",
            "",
            TransportProtocol.ANY,
            Optional.empty(),
            List.of(),
            Terminal.Refusal.NO_FILTERS));
    assertThat(warnings).isEmpty();
  }

  @Test
  void oneForEveryNameThatLacksSomethingIsOneOfThem() {
    apply(refused(""));
    assertThat(warnings)
        .containsExactly("chain a_m refuses every connection: cluster c: has not been sent");
    assertThat(proxy.view().server().config.chainsRefusing.get()).isOne();
  }

  @Test
  void nothingIsSaidWhenAllServe() {
    apply(crossZone("web"));
    assertThat(warnings).isEmpty();
  }
}
