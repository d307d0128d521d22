package io.zoneproxy.core.upstream.balance;

import io.netty.util.NetUtil;
import io.zoneproxy.core.model.balance.HashPolicy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a balancer by hash looks at. */
public final class ConnectionHash {
  /** No hash: chance decides. */
  public static final long NONE = 0;

  private ConnectionHash() {}

  /**
   * The hash of a connection of a relay: of the downstream's address without its port, when one of
   * the policies wants it. The others are of requests.
   *
   * @return {@link #NONE} when there is none
   */
  public static long of(List<HashPolicy> policies, @Nullable SocketAddress downstream) {
    if (downstream instanceof InetSocketAddress at && at.getAddress() != null) {
      for (HashPolicy policy : policies) {
        if (policy.source() instanceof HashPolicy.SourceAddress) {
          return of(NetUtil.toAddressString(at.getAddress()));
        }
      }
    }
    return NONE;
  }

  /** The hash of a value, Envoy's; never {@link #NONE}. */
  public static long of(String value) {
    long hash = XxHash64.hash(value.getBytes(StandardCharsets.UTF_8), 0);
    return hash == NONE ? 1 : hash;
  }
}
