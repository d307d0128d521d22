package io.zoneproxy.ingress.driven;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.ingress.IngressRole;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import io.zoneproxy.ingress.controlplane.TokenOrigin;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of an ingress that other zones could not find. */
class AdvertisedAddressTest {
  private static Optional<String> problem(String networking) {
    String resource =
        networking.isEmpty()
            ? ""
            : "type: ZoneIngress\nname: i-1\nnetworking: {address: 127.0.0.1, port: 10001"
                + networking
                + "}\n";
    return AdvertisedAddress.problem(
        new ManagedProxy(new IngressRole(), "i-1", "", resource, 0, new TokenOrigin.None()));
  }

  @Test
  void saysWhenOtherZonesCannotFindIt() {
    assertThat(problem(", advertisedAddress: 192.0.2.1, advertisedPort: 10001")).isEmpty();
    assertThat(problem(""))
        .as("the control plane has the resource, and knows the address from elsewhere")
        .isEmpty();
    assertThat(problem(" ").orElseThrow()).startsWith("networking.advertisedAddress: missing");
    assertThat(
            problem(", advertisedAddress: no-such-host.invalid, advertisedPort: 1").orElseThrow())
        .startsWith("networking.advertisedAddress: no-such-host.invalid does not resolve here");
  }
}
