package io.zoneproxy.cp.translate.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import org.junit.jupiter.api.Test;

final class KnownClustersTest {
  private final KnownClusters known = new KnownClusters();

  private static Cluster.Builder eds(String name) {
    return Cluster.newBuilder()
        .setName(name)
        .setType(DiscoveryType.EDS)
        .setConnectTimeout(Duration.newBuilder().setSeconds(10))
        .setEdsClusterConfig(
            EdsClusterConfig.newBuilder()
                .setEdsConfig(
                    ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance())));
  }

  private static TranslatedCluster translated(Cluster.Builder from) {
    Problems problems = Problems.of("Cluster", from.getName());
    return new ClusterTranslator(new Interned()).translate(from.build(), problems);
  }

  private void keep(Cluster.Builder from) {
    known.keep(from.build().toByteString(), translated(from));
  }

  private static ByteString bytes(Cluster.Builder from) {
    return from.build().toByteString();
  }

  @Test
  void givesWhatTheTranslatorGives() {
    keep(eds("a").setAltStatName("stat_a"));
    Cluster.Builder withStat = eds("b").setAltStatName("stat_b");
    assertThat(known.find(bytes(withStat))).contains(translated(withStat));
    Cluster.Builder without = eds("mesh:c");
    assertThat(known.find(bytes(without))).contains(translated(without));
  }

  @Test
  void equalPoliciesAreOneObject() {
    keep(eds("a"));
    TranslatedCluster b = known.find(bytes(eds("b"))).orElseThrow();
    TranslatedCluster c = known.find(bytes(eds("c"))).orElseThrow();
    assertThat(b.spec().policy()).isSameAs(c.spec().policy());
  }

  @Test
  void doesNotKnowOneThatSaysSomethingElse() {
    keep(eds("a"));
    assertThat(known.find(bytes(eds("b").setConnectTimeout(Duration.getDefaultInstance()))))
        .isEmpty();
    assertThat(known.find(bytes(eds("b").clearType()))).isEmpty();
  }

  @Test
  void keepsNoneThatNamesItsAssignment() {
    Cluster.Builder a = eds("a");
    a.getEdsClusterConfigBuilder().setServiceName("a");
    keep(a);
    Cluster.Builder b = eds("b");
    b.getEdsClusterConfigBuilder().setServiceName("a");
    assertThat(known.find(bytes(b))).isEmpty();
  }

  @Test
  void leavesWhatHasTwoNamesOrNoneToTheMessages() {
    keep(eds("a"));
    ByteString second = Cluster.newBuilder().setName("c").build().toByteString();
    assertThat(known.find(bytes(eds("b")).concat(second))).isEmpty();
    assertThat(known.find(bytes(eds("").clearName()))).isEmpty();
  }

  @Test
  void leavesWhatIsNoMessageToTheMessages() {
    keep(eds("a"));
    ByteString whole = bytes(eds("b"));
    for (int size = 0; size < whole.size(); size++) {
      assertThat(known.find(whole.substring(0, size))).isEmpty();
    }
    ByteString notUtf8 = ByteString.copyFrom(new byte[] {1 << 3 | 2, 1, (byte) 0xff});
    assertThat(known.find(notUtf8.concat(bytes(eds("").clearName())))).isEmpty();
  }
}
