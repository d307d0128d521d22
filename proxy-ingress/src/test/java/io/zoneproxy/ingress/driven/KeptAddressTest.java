package io.zoneproxy.ingress.driven;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.controlplane.TokenOrigin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who moves a proxy while its control plane is away is told that the old address still serves. */
final class KeptAddressTest {
  private static final ChainSpec CHAIN = ChainSpec.passthrough("a{mesh=default}", "a", Map.of());

  private static Optional<String> problem(String resource, ListenerSpec... listeners) {
    return KeptAddress.problem(
        new ManagedProxy(new IngressRole(), "i-1", "", resource, 0, new TokenOrigin.None()),
        new ProxySnapshot(
            List.of(listeners),
            Map.of("a", new ClusterSpec("a", List.of(), ClusterPolicy.DEFAULT))));
  }

  private static String at(String address, int port) {
    return "type: ZoneIngress\nname: i-1\nnetworking: {address: %s, port: %d}\n"
        .formatted(address, port);
  }

  private static ListenerSpec listener(int port, ChainSpec... chains) {
    return new ListenerSpec("l", new HostPort("10.0.0.1", port), List.of(chains));
  }

  @Test
  void namesBothAddressesWhenTheyDiffer() {
    assertThat(problem(at("10.0.0.1", 10_001), listener(10_001, CHAIN))).isEmpty();
    assertThat(problem(at("10.0.0.1", 10_002), listener(10_001, CHAIN)).orElseThrow())
        .contains("listens at 10.0.0.1:10001 (expected: 10.0.0.1:10002,");
    assertThat(problem(at("10.0.0.2", 10_001), listener(10_001, CHAIN)).orElseThrow())
        .contains("listens at 10.0.0.1:10001 (expected: 10.0.0.2:10001,");
  }

  @Test
  void saysNothingOfWhatItCannotKnow() {
    assertThat(problem("", listener(10_001, CHAIN)))
        .as("the control plane has the resource")
        .isEmpty();
    assertThat(problem(at("ingress.example", 10_001), listener(10_001, CHAIN)))
        .as("the control plane resolves the name")
        .isEmpty();
    assertThat(problem(at("10.0.0.1", 10_001), listener(9901)))
        .as("a part of the proxy itself")
        .isEmpty();
  }
}
