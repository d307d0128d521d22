package io.zoneproxy.cp.ads;

import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a stream is opened with.
 *
 * @param target where the ADS is
 * @param node who we are; asked for each stream, on the client's executor
 * @param tokens asked for each stream, on the client's executor
 * @param protocols to be tried in this order; one alone is used whatever comes
 * @param patience for answers
 */
public record AdsSettings(
    Target target,
    Supplier<Node> node,
    TokenSource tokens,
    List<Protocol> protocols,
    Patience patience) {
  public AdsSettings {
    if (protocols.isEmpty()) {
      throw new IllegalArgumentException("protocols of the ADS: none (expected: one or two)");
    }
    protocols = List.copyOf(protocols);
  }
}
