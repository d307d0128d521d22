package io.zoneproxy.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.ClusterContext;
import io.zoneproxy.core.upstream.NameTable;
import io.zoneproxy.core.upstream.Picker;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UnusedSubsetsTest {
  private static final ClusterSpec SPEC = new ClusterSpec("c", List.of(), ClusterPolicy.DEFAULT);
  private static final Map<String, String> V1 = Map.of("version", "v1");
  private static final Map<String, String> V2 = Map.of("version", "v2");

  private final Cluster cluster =
      new Cluster(
          SPEC,
          new ClusterContext(
              new NameTable(
                  name ->
                      ImmediateEventExecutor.INSTANCE.newFailedFuture(
                          new UnknownHostException(name))),
              null));

  private static ProxySnapshot snapshot(ChainSpec... chains) {
    ListenerSpec listener = new ListenerSpec("l", new HostPort("127.0.0.1", 1), List.of(chains));
    return new ProxySnapshot(List.of(listener), Map.of("c", SPEC));
  }

  private void forget(ProxySnapshot before, ProxySnapshot after) {
    UnusedSubsets.forget(before, after, Map.of("c", cluster));
  }

  @Test
  void forgetsTheSubsetOfAChainThatIsGone() {
    ChainSpec one = ChainSpec.passthrough("a", "c", V1);
    ChainSpec other = ChainSpec.passthrough("b", "c", V2);
    Picker v1 = cluster.picker(V1);
    Picker v2 = cluster.picker(V2);
    forget(snapshot(one, other), snapshot(one));
    assertThat(cluster.picker(V1)).isSameAs(v1);
    assertThat(cluster.picker(V2)).isNotSameAs(v2);
  }

  @Test
  void keepsASubsetThatAnotherChainChoosesFrom() {
    ChainSpec one = ChainSpec.passthrough("a", "c", V1);
    ChainSpec other = ChainSpec.passthrough("b", "c", V1);
    Picker v1 = cluster.picker(V1);
    forget(snapshot(one, other), snapshot(other));
    assertThat(cluster.picker(V1)).isSameAs(v1);
  }

  @Test
  void forgetsAllSubsetsWithTheListener() {
    Picker v1 = cluster.picker(V1);
    forget(snapshot(ChainSpec.passthrough("a", "c", V1)), ProxySnapshot.EMPTY);
    assertThat(cluster.picker(V1)).isNotSameAs(v1);
  }
}
