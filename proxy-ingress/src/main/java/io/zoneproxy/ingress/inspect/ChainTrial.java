package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.relay.portable.EndpointTls;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.ingress.FileSecrets;
import io.zoneproxy.tls.context.ClientContexts;
import io.zoneproxy.tls.context.TlsContexts;
import java.util.List;
import java.util.Optional;

/**
 * Tries the chains of a configuration that does not run: their TLS is made, as a running proxy
 * would make it, and thrown away. Reads files.
 */
final class ChainTrial implements AutoCloseable {
  private final ProxySnapshot snapshot;
  private final TlsContexts ends = new TlsContexts();
  private final ClientContexts begins = new ClientContexts();

  /**
   * Tries nothing yet.
   *
   * @param snapshot with all secrets that there are
   */
  ChainTrial(ProxySnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Why a chain would refuse every connection; empty when it would not. */
  Optional<String> refusal(ChainSpec chain) {
    if (chain.isPlainRelay()) {
      return Optional.empty();
    }
    if (chain.terminal() instanceof Terminal.Refusal refusal) {
      return Optional.of(refusal.why());
    }
    if (!FileSecrets.isComplete(chain, snapshot)) {
      return Optional.of("there is no certificate of its mesh: see the errors of the mesh");
    }
    List<Destination> to = destinations(chain);
    String missing = EndpointTls.of(to, snapshot, begins).missing();
    if (!missing.isEmpty()) {
      return Optional.of(missing);
    }
    return chain
        .tls()
        .map(tls -> ends.terminate(tls, snapshot.secrets()))
        .filter(ChainEngine.Refused.class::isInstance)
        .map(refused -> ((ChainEngine.Refused) refused).why());
  }

  private static List<Destination> destinations(ChainSpec chain) {
    if (chain.terminal() instanceof Terminal.TcpProxy relay) {
      return List.of(relay.to());
    }
    return chain.terminal() instanceof Terminal.HttpProxy proxy
        ? proxy.http().routes().destinations()
        : List.of();
  }

  @Override
  public void close() {
    begins.close();
    ends.close();
  }
}
