package io.zoneproxy.core.upstream;

import static io.zoneproxy.core.model.Specs.locality;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.balance.SubsetPolicy;
import io.zoneproxy.core.model.balance.SubsetPolicy.Fallback;
import io.zoneproxy.core.model.balance.SubsetPolicy.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SubsetsTest {
  private final Clusters clusters = new Clusters();

  /** Picks of 1 (v1, east), 2 (v2, east) and 3 (without a tag). */
  private Set<Integer> picked(SubsetPolicy policy, Map<String, String> wanted) {
    clusters.subsets = policy;
    Cluster cluster =
        clusters.cluster(
            locality(
                0,
                tagged(1, Map.of("version", "v1", "zone", "east")),
                tagged(2, Map.of("version", "v2", "zone", "east")),
                tagged(3, Map.of())));
    return Clusters.pick(cluster.picker(wanted), 30).keySet();
  }

  private static EndpointSpec tagged(int last, Map<String, String> tags) {
    return new EndpointSpec(new HostPort("10.0.0." + last, 80), 1, tags);
  }

  private static SubsetPolicy policy(Fallback fallback, Fallback ofSelector, String... keys) {
    return new SubsetPolicy(fallback, List.of(new Selector(Set.of(keys), ofSelector)));
  }

  @Test
  void looksAtNoTagWithoutAConfiguration() {
    assertThat(picked(SubsetPolicy.NONE, Map.of("version", "v9"))).containsExactly(1, 2, 3);
  }

  @Test
  void wantsEveryTagWhenStrict() {
    assertThat(picked(SubsetPolicy.STRICT, Map.of("zone", "east"))).containsExactly(1, 2);
    assertThat(picked(SubsetPolicy.STRICT, Map.of("zone", "west"))).containsExactly(0);
    assertThat(picked(SubsetPolicy.STRICT, Map.of())).containsExactly(1, 2, 3);
  }

  @Test
  void takesTheSelectorWithTheVeryKeys() {
    SubsetPolicy kumas = policy(Fallback.ANY_ENDPOINT, Fallback.NO_ENDPOINT, "version");
    assertThat(picked(kumas, Map.of("version", "v2"))).containsExactly(2);
    assertThat(picked(kumas, Map.of("version", "v9"))).containsExactly(0);
    SubsetPolicy both = policy(Fallback.NO_ENDPOINT, Fallback.NO_ENDPOINT, "version", "zone");
    assertThat(picked(both, Map.of("version", "v1", "zone", "east"))).containsExactly(1);
    assertThat(picked(both, Map.of("version", "v1"))).containsExactly(0);
  }

  @Test
  void fallsBackAsThePolicySaysWhenNoSelectorHasTheKeys() {
    SubsetPolicy any = policy(Fallback.ANY_ENDPOINT, Fallback.NO_ENDPOINT, "version");
    assertThat(picked(any, Map.of("zone", "east"))).containsExactly(1, 2, 3);
    assertThat(picked(any, Map.of())).containsExactly(1, 2, 3);
    SubsetPolicy none = policy(Fallback.NO_ENDPOINT, Fallback.ANY_ENDPOINT, "version");
    assertThat(picked(none, Map.of("zone", "east"))).containsExactly(0);
    assertThat(picked(none, Map.of())).containsExactly(0);
  }

  @Test
  void fallsBackAsTheSelectorSaysWhenNobodyHasTheValues() {
    SubsetPolicy any = policy(Fallback.NO_ENDPOINT, Fallback.ANY_ENDPOINT, "version");
    assertThat(picked(any, Map.of("version", "v9"))).containsExactly(1, 2, 3);
  }
}
