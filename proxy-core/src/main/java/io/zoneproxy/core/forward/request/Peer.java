package io.zoneproxy.core.forward.request;

import io.zoneproxy.core.policy.Subject;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of a downstream's connection have in common.
 *
 * @param subject whom permissions are about
 * @param address of the downstream; null when it has none
 * @param filterState what the chain's filters have noted
 * @param secure whether it came over TLS
 */
public record Peer(
    Subject subject,
    @Nullable InetSocketAddress address,
    Map<String, String> filterState,
    boolean secure) {
  public Peer {
    filterState = Map.copyOf(filterState);
  }
}
