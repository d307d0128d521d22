package io.zoneproxy.cp.translate.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt64Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.SubsetPolicy;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClusterTranslatorTest {
  private final Problems problems = Problems.of("Cluster", "c");

  private final ClusterTranslator clusters = new ClusterTranslator(new Interned());

  private TranslatedCluster translate(Cluster.Builder from) {
    return clusters.translate(from.setName("c").build(), problems);
  }

  private static EdsClusterConfig.Builder ads() {
    return EdsClusterConfig.newBuilder()
        .setEdsConfig(
            ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()));
  }

  @Test
  void namesTheLoadAssignmentOfEds() {
    Cluster.Builder eds =
        Cluster.newBuilder().setType(DiscoveryType.EDS).setEdsClusterConfig(ads());
    assertThat(translate(eds).eds()).hasValue("c");
    assertThat(translate(eds.setEdsClusterConfig(ads().setServiceName("s"))).eds()).hasValue("s");
    assertThat(problems.any()).isFalse();
  }

  @Test
  void takesEdsOverTheSameStreamOnly() {
    translate(Cluster.newBuilder().setType(DiscoveryType.EDS));
    assertThat(problems.all())
        .containsExactly(
            "Cluster/c.eds_cluster_config.eds_config: CONFIGSOURCESPECIFIER_NOT_SET (expected:"
                + " ads)");
  }

  @ParameterizedTest
  @EnumSource(names = {"STATIC", "STRICT_DNS"})
  void takesTheEndpointsThatStandInIt(DiscoveryType type) {
    Cluster.Builder own =
        Cluster.newBuilder()
            .setType(type)
            .setLoadAssignment(
                ClusterLoadAssignment.newBuilder()
                    .addEndpoints(LocalityLbEndpoints.getDefaultInstance()));
    assertThat(translate(own).eds()).isEmpty();
    assertThat(translate(own).spec().localities()).hasSize(1);
  }

  @Test
  void refusesOtherWaysToFindEndpoints() {
    translate(Cluster.newBuilder().setType(DiscoveryType.ORIGINAL_DST));
    assertThat(problems.all())
        .containsExactly("Cluster/c.type: ORIGINAL_DST (expected: EDS, STATIC or STRICT_DNS)");
  }

  @Test
  void takesItsOwnConnectTimeout() {
    Cluster.Builder timed =
        Cluster.newBuilder().setConnectTimeout(Duration.newBuilder().setNanos(250_000_000));
    assertThat(translate(timed).spec().policy().connectTimeout())
        .hasValue(java.time.Duration.ofMillis(250));
    assertThat(translate(Cluster.newBuilder()).spec().policy().connectTimeout()).isEmpty();
    assertThat(problems.any()).isFalse();
  }

  @Test
  void refusesAConnectTimeoutThatNoConnectionCouldMeet() {
    translate(Cluster.newBuilder().setConnectTimeout(Duration.getDefaultInstance()));
    assertThat(problems.all())
        .containsExactly("Cluster/c.connect_timeout: PT0S (expected: 1ms or more)");
  }

  @Test
  void takesEnvoysDefaultsForWhatIsNotSaid() {
    Cluster.Builder from = Cluster.newBuilder();
    from.getOutlierDetectionBuilder();
    from.getCircuitBreakersBuilder().addThresholdsBuilder().setTrackRemaining(true);
    ClusterPolicy policy = translate(from).spec().policy();
    assertThat(policy.limits()).isEqualTo(CircuitBreakers.ENVOY);
    assertThat(policy.subsets()).isEqualTo(SubsetPolicy.NONE);
    OutlierDetection outliers = policy.outliers().orElseThrow();
    assertThat(outliers.consecutive5xx()).isEqualTo(new OutlierDetection.Consecutive(5, 100));
    assertThat(outliers.consecutiveGateway()).isEqualTo(new OutlierDetection.Consecutive(5, 0));
    assertThat(outliers.maxEjection()).isEqualTo(java.time.Duration.ofMinutes(5));
    assertThat(problems.all()).isEmpty();
  }

  @Test
  void refusesTwoHealthChecksAndBalancersThatCannotBe() {
    Cluster.Builder from = Cluster.newBuilder().setLbPolicy(Cluster.LbPolicy.MAGLEV);
    from.getMaglevLbConfigBuilder().setTableSize(UInt64Value.of(10));
    from.addHealthChecksBuilder().getTcpHealthCheckBuilder();
    from.addHealthChecksBuilder();
    translate(from);
    assertThat(problems.all())
        .contains(
            "Cluster/c.maglev_lb_config.table_size: 10 (expected: a prime number)",
            "Cluster/c.health_checks: 2 different checks (expected: at most one)",
            "Cluster/c.health_checks[0].timeout: not set (expected: 1ms or more)");
  }
}
