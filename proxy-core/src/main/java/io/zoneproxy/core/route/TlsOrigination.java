package io.zoneproxy.core.route;

import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import java.util.Map;

/** Begins TLS: what core asks of the module that knows TLS providers. */
@FunctionalInterface
public interface TlsOrigination {
  /**
   * Handlers that begin TLS when the channel is connected; further ones are added behind them and
   * see plain bytes. When the handshake is done the channel has a {@link TlsSession}; when it fails
   * the channel closes, and {@link TlsTermination#FAILURE} says why. May read files: not for an
   * event loop.
   *
   * @param tls whom we call, whom we trust, who we are
   * @param secrets those that have come
   */
  ChainEngine.Outcome originate(ClientTls tls, Map<SecretName, SecretSpec> secrets);
}
