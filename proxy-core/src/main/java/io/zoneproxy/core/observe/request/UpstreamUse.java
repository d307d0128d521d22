package io.zoneproxy.core.observe.request;

import io.zoneproxy.core.model.Address;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request went.
 *
 * @param cluster "" when none was chosen
 * @param remote the address in use last, null when none was connected
 * @param local our end towards it, null when none was connected
 * @param protocol {@code HTTP/1.1} or {@code HTTP/2}; "" when none was connected
 * @param tried endpoints as they are configured, in order; one may stand there twice, and the last
 *     one is that in use
 */
public record UpstreamUse(
    String cluster,
    @Nullable SocketAddress remote,
    @Nullable SocketAddress local,
    String protocol,
    List<Address> tried) {
  public UpstreamUse {
    tried = List.copyOf(tried);
  }
}
