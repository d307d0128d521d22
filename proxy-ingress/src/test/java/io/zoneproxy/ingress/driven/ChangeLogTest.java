package io.zoneproxy.ingress.driven;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** One line for each change, and never a flood of them. */
class ChangeLogTest {
  private final List<String> lines = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final ControlPlaneStats stats = new ControlPlaneStats();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private long nanos;
  private final ChangeLog log =
      new ChangeLog(lines::add, () -> List.copyOf(refused), stats, () -> nanos, later::add);

  private static ProxySnapshot with(String... clusters) {
    Map<String, ClusterSpec> byName = new LinkedHashMap<>();
    Arrays.asList(clusters)
        .forEach(name -> byName.put(name, new ClusterSpec(name, List.of(), ClusterPolicy.DEFAULT)));
    return new ProxySnapshot(List.of(), byName);
  }

  @Test
  void aChangeHasALineAtOnceWithWhatIsRefused() {
    log.onApplied(with("a"));
    nanos += ChangeLog.PAUSE_NANOS;
    stats.onUpdate(ControlPlaneStats.Type.LISTENER, "v7", true);
    refused.addAll(List.of("Cluster/x", "Listener/y"));
    log.onApplied(with("a", "b"));
    nanos += ChangeLog.PAUSE_NANOS;
    log.onApplied(with("a", "b"));

    assertThat(lines)
        .containsExactly(
            "configuration 1: 1 cluster added: a",
            "configuration 2 (listeners v7): 1 cluster added: b; 2 refused, what was good before"
                + " serves: Cluster/x, Listener/y");
    assertThat(later).isEmpty();
  }

  @Test
  void manyChangesInASecondAreSummedUp() {
    log.onApplied(with("a"));
    for (int i = 0; i < 99; i++) {
      log.onApplied(with("a", "b" + i));
    }
    assertThat(lines).hasSize(1);
    assertThat(later).hasSize(1);

    later.remove().run();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).isEqualTo("configuration 100, 99 changes: 1 cluster added: b98");
    log.onApplied(with("a"));
    assertThat(lines).hasSize(2);
    later.remove().run();
    assertThat(lines.get(2)).isEqualTo("configuration 101: 1 cluster removed: b98");
  }

  @Test
  void limitsAreSaidInOneLine() {
    ClusterPolicy limited = ClusterPolicies.limited(CircuitBreakers.ENVOY);
    ProxySnapshot snapshot =
        new ProxySnapshot(
            List.of(),
            Map.of(
                "a", new ClusterSpec("a", List.of(), limited),
                "b", new ClusterSpec("b", List.of(), limited),
                "c", new ClusterSpec("c", List.of(), ClusterPolicy.DEFAULT)));
    assertThat(LimitsText.of(snapshot))
        .isEqualTo(
            "2 clusters: 1024 connections, 1024 pending, 1024 requests, 3 retries at a time");
    assertThat(LimitsText.of(with("a"))).isEmpty();
  }

  private static final class ClusterPolicies {
    static ClusterPolicy limited(CircuitBreakers limits) {
      ClusterPolicy plain = ClusterPolicy.DEFAULT;
      return new ClusterPolicy(
          plain.connectTimeout(),
          plain.balancing(),
          plain.spread(),
          plain.subsets(),
          limits,
          plain.outliers(),
          plain.healthCheck(),
          plain.http(),
          plain.tls(),
          plain.dns());
    }
  }
}
