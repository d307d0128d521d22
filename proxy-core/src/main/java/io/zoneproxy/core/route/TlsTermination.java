package io.zoneproxy.core.route;

import io.netty.util.AttributeKey;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.observe.TlsStats;
import java.util.Map;

/** Ends TLS: what core asks of the module that knows TLS providers. */
@FunctionalInterface
public interface TlsTermination {
  /**
   * Why a channel's handshake failed, in one line, for the access record; unset when it did not.
   */
  AttributeKey<String> FAILURE = AttributeKey.valueOf(TlsTermination.class, "FAILURE");

  /** Where the handshakes of a channel are counted. Unset when nobody counts. */
  AttributeKey<TlsStats> COUNTED_BY = AttributeKey.valueOf(TlsTermination.class, "COUNTED_BY");

  /**
   * Handlers that end TLS; further ones are added behind them and see plain bytes. After the
   * handshake the channel has a {@link PeerIdentity}. May read files: not for an event loop.
   *
   * @param tls who we are, whom we trust
   * @param secrets those that have come
   */
  ChainEngine.Outcome terminate(ServerTls tls, Map<SecretName, SecretSpec> secrets);
}
