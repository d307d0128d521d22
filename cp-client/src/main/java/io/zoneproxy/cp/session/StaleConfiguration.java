package io.zoneproxy.cp.session;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What may still be served of a configuration that was kept on disk for too long: passthrough,
 * which decides nothing. A chain that decides who may pass is closed, for a right that was taken
 * away since must not live again.
 */
final class StaleConfiguration {
  private StaleConfiguration() {}

  /**
   * The configuration with its deciding chains closed.
   *
   * @param maxAge that was exceeded, for the reason that operators read
   */
  static ProxySnapshot closed(ProxySnapshot kept, Duration maxAge) {
    String why =
        "the last known good configuration is older than "
            + maxAge
            + ", and this chain decides who may pass (--last-known-good-max-age)";
    List<ListenerSpec> listeners =
        kept.listeners().stream()
            .map(
                listener ->
                    listener.withChains(
                        listener.chains().stream().map(chain -> closed(chain, why)).toList()))
            .toList();
    return new ProxySnapshot(listeners, kept.clusters(), kept.secrets());
  }

  private static ChainSpec closed(ChainSpec chain, String why) {
    boolean decides =
        chain.tls().isPresent()
            || chain.filters().stream().anyMatch(NetworkFilter.Rbac.class::isInstance);
    return decides
        ? new ChainSpec(
            chain.name(),
            chain.serverName(),
            chain.transport(),
            Optional.empty(),
            List.of(),
            new Terminal.Refusal(why))
        : chain;
  }
}
