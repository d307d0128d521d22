package io.zoneproxy.ingress.driven;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ListenerSpec.Peeking;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever expects cross-zone traffic at an egress that gets none is told why. */
class ExternalOnlyMeshesTest {
  private final List<String> warnings = new ArrayList<>();
  private final ControlPlaneStats stats = new ControlPlaneStats();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private final ExternalOnlyMeshes meshes =
      new ExternalOnlyMeshes(warnings::add, stats, later::add);

  private static ChainSpec chain(String serverName, boolean external) {
    ServerTls tls =
        new ServerTls(List.of(), Optional.empty(), true, TlsVersions.DEFAULT, List.of());
    return new ChainSpec(
        "",
        serverName,
        TransportProtocol.TLS,
        external ? Optional.of(tls) : Optional.empty(),
        List.of(),
        new Terminal.Refusal("a test"));
  }

  private static ProxySnapshot with(ChainSpec... chains) {
    return new ProxySnapshot(
        List.of(
            new ListenerSpec(
                "egress", new HostPort("127.0.0.1", 1), Peeking.CLIENT_HELLO, List.of(chains))),
        Map.of());
  }

  private static final ChainSpec LEGACY_EXTERNAL = chain("api{mesh=legacy}", true);
  private static final ChainSpec EXTERNAL =
      chain("afaaef98d6ceadc6a.mes-http.80.default.mes", true);
  private static final ChainSpec OF_ANOTHER_ZONE = chain("web{kuma.io/zone=b,mesh=default}", false);

  @Test
  void aMeshWithExternalServicesOnlyIsSaidOnce() {
    meshes.onApplied(with(LEGACY_EXTERNAL, EXTERNAL, OF_ANOTHER_ZONE));
    meshes.onApplied(with(EXTERNAL, LEGACY_EXTERNAL));
    assertThat(warnings).isEmpty();
    assertThat(later).hasSize(1);

    later.remove().run();
    assertThat(warnings).hasSize(2);
    assertThat(warnings.get(0)).startsWith("mesh default: only external services").contains("Excl");
    assertThat(warnings.get(1)).startsWith("mesh legacy: ");
    assertThat(stats.externalOnlyMeshes).hasValue(2);

    meshes.onApplied(with(LEGACY_EXTERNAL, EXTERNAL));
    later.remove().run();
    assertThat(warnings).hasSize(2);
  }

  @Test
  void aMeshThatGetsAServiceOfAnotherZoneIsFineAndSaidAgainWhenItHasNone() {
    meshes.onApplied(with(EXTERNAL));
    later.remove().run();
    meshes.onApplied(with(EXTERNAL, OF_ANOTHER_ZONE));
    later.remove().run();
    assertThat(stats.externalOnlyMeshes).hasValue(0);
    meshes.onApplied(with(EXTERNAL));
    later.remove().run();
    assertThat(warnings).hasSize(2);
  }

  @Test
  void namesThatMeanNoMeshAreLeftAlone() {
    Stream.of("", "a.b", "a{b=c}", "example.com").map(name -> chain(name, true)).forEach(this::one);
    assertThat(warnings).isEmpty();
  }

  private void one(ChainSpec chain) {
    assertThat(ExternalOnlyMeshes.of(with(chain))).isEmpty();
  }
}
