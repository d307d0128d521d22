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

/** Chains that nobody serves yet are said, once for each set of them. */
final class WaitingChainsTest {
  private static final ServerTls TLS =
      new ServerTls(List.of(), Optional.empty(), true, TlsVersions.DEFAULT, List.of());

  private final ZoneProxy proxy = ZoneProxy.builder().concurrency(1).startEmpty();
  private final List<String> warnings = new ArrayList<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final WaitingChains waiting = new WaitingChains(warnings::add, proxy.view(), later::add);

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
    waiting.onApplied();
    waiting.onApplied();
    assertThat(later).hasSize(1);
    later.remove().run();
  }

  private long gauge() {
    return proxy.view().server().controlPlane.chainsUnsupported.get();
  }

  @Test
  void theyAreNamedOnceAndAgainWhenThereAreOthers() {
    apply(crossZone("web"), unserved("api\n"));
    assertThat(gauge()).isOne();
    apply(crossZone("web"), unserved("api\n"), crossZone("new"));
    assertThat(warnings)
        .containsExactly(
            "1 chain waits for an engine that this version does not have yet: api "
                + " (envoy.filters.network.direct_response); connections to it are refused, all"
                + " others are served");

    warnings.clear();
    apply(IntStream.range(0, 7).mapToObj(i -> unserved("s" + i)).toArray(ChainSpec[]::new));
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .startsWith("7 chains wait for")
        .contains("s0 (envoy.filters.network.direct_response), s1 (", "s4 (")
        .contains(" and 2 more; connections to them are refused")
        .doesNotContain("s5");
    assertThat(gauge()).isEqualTo(7);

    warnings.clear();
    apply(crossZone("web"));
    assertThat(warnings).containsExactly("no chain waits for an engine any more");
    assertThat(gauge()).isZero();
  }

  @Test
  void nothingIsSaidWhenNoneWaits() {
    apply(crossZone("web"));
    assertThat(warnings).isEmpty();
  }
}
