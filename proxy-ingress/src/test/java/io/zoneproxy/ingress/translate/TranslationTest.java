package io.zoneproxy.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TranslationTest {
  @Test
  void oneRoleKeepsKumasNames() {
    Translation one = routed("ingress", "10.0.0.1", 10001);
    assertThat(Translation.merge(List.of(one))).isEqualTo(one);
    assertThat(one.snapshot().clusters()).containsOnlyKeys("default:backend");
  }

  @Test
  void clustersOfTheSecondRoleCarryItSoThatEachListenerReachesItsOwn() {
    ProxySnapshot snapshot =
        Translation.merge(
                List.of(routed("egress", "10.0.0.1", 10002), routed("ingress", "10.0.0.1", 10001)))
            .snapshot();
    assertThat(snapshot.clusters()).containsOnlyKeys("default:backend", "ingress/default:backend");
    assertThat(Shapes.chains(snapshot.listeners().get(0))).containsValue("default:backend");
    assertThat(Shapes.chains(snapshot.listeners().get(1))).containsValue("ingress/default:backend");
  }

  @Test
  void statisticsLeaveTheRoleOut() {
    Translation merged =
        Translation.merge(
            List.of(routed("egress", "10.0.0.1", 10002), routed("ingress", "10.0.0.1", 10001)));
    assertThat(merged.clusters().values())
        .extracting(ClusterSpec::statName)
        .containsOnly("default_backend");
  }

  @Test
  void twoOfOneRoleShareTheirClusters() {
    Translation merged =
        Translation.merge(
            List.of(routed("egress", "10.0.0.1", 10002), routed("egress", "10.0.0.2", 10002)));
    assertThat(merged.clusters()).containsOnlyKeys("default:backend");
    assertThat(merged.listeners()).hasSize(2);
  }

  @Test
  void twoListenersOfOneAddressAreRefused() {
    List<Translation> parts =
        List.of(routed("egress", "10.0.0.1", 10001), routed("ingress", "10.0.0.1", 10001));
    assertThatThrownBy(() -> Translation.merge(parts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("10.0.0.1:10001");
  }

  @Test
  void portsThatTheKernelChoosesMayComeTwiceUnderTwoNames() {
    Translation merged =
        Translation.merge(
            List.of(
                routed("egress", "127.0.0.1", 0),
                routed("ingress", "127.0.0.1", 0),
                routed("ingress", "::1", 0),
                routed("ingress", "127.0.0.1", 0)));
    assertThat(merged.snapshot().listeners())
        .extracting(ListenerSpec::name)
        .containsExactly(
            "inbound:127.0.0.1:0",
            "inbound:127.0.0.1:0#2",
            "inbound:[::1]:0",
            "inbound:127.0.0.1:0#3");
  }

  @Test
  void chainsOfOneServerNameKeepTheirOwners() {
    Translation merged =
        Translation.merge(
            List.of(refusing("egress", "one"), refusing("ingress", "two"), refusing("x", "three")));
    assertThat(merged.owners())
        .containsOnlyKeys(
            new ChainKey("inbound:127.0.0.1:0", "api{mesh=default}"),
            new ChainKey("inbound:127.0.0.1:0#2", "api{mesh=default}"),
            new ChainKey("inbound:127.0.0.1:0#3", "api{mesh=default}"));
    assertThat(merged.owners().get(new ChainKey("inbound:127.0.0.1:0#2", "api{mesh=default}")))
        .isEqualTo(new RouteOwner("two", new Source("a.yaml", 1, 1)));
  }

  private static Translation refusing(String role, String owner) {
    HostPort address = new HostPort("127.0.0.1", 0);
    ListenerTranslation listener = new ListenerTranslation(role, "inbound:" + address, address);
    listener.route(
        new ClusterSpec(owner, List.of(), ClusterPolicy.DEFAULT),
        new ChainSpec(
            "",
            "api{mesh=default}",
            TransportProtocol.TLS,
            Optional.empty(),
            List.of(),
            new Terminal.Refusal("a test")),
        new RouteOwner(owner, new Source("a.yaml", 1, 1)));
    return listener.finish();
  }

  @Test
  void equalNoticesAreKeptOnce() {
    Problem notice = Problem.warning(new Source("a.yaml", 1, 1), "", "look");
    Translation part = new Translation("egress", List.of(), Map.of(), List.of(notice));
    Translation other = new Translation("ingress", List.of(), Map.of(), List.of(notice));
    assertThat(Translation.merge(List.of(part, other)).notices()).containsExactly(notice);
  }

  @Test
  void nothingMakesAnEmptySnapshot() {
    assertThat(Translation.merge(List.of()).snapshot()).isEqualTo(ProxySnapshot.EMPTY);
  }

  private static Translation routed(String role, String host, int port) {
    HostPort address = new HostPort(host, port);
    ListenerTranslation listener = new ListenerTranslation(role, "inbound:" + address, address);
    listener.route(
        "backend{mesh=default}",
        "default:backend",
        List.of(),
        new RouteOwner("service backend", new Source("a.yaml", 1, 1)));
    return listener.finish();
  }
}
