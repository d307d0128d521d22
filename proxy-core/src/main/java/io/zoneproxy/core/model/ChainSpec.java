package io.zoneproxy.core.model;

import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.tls.ServerTls;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One filter chain of a listener: whose connections it takes and what happens to them. A chain with
 * several server names is several of these.
 *
 * @param name as the control plane names it, "" when it does not; several chains may have one name
 * @param serverName the SNI it takes, compared without regard to ASCII case, otherwise opaque; one
 *     that begins with {@code *.} takes every name that ends with what follows the star; "" takes
 *     what no other chain takes
 * @param transport what the connection begins with; a server name implies TLS
 * @param tls present: TLS ends here; else bytes stay as they are
 * @param filters before the end, in order
 * @param terminal the end
 */
public record ChainSpec(
    String name,
    String serverName,
    TransportProtocol transport,
    Optional<ServerTls> tls,
    List<NetworkFilter> filters,
    Terminal terminal) {
  /** By what they take, which only one chain of a listener does. */
  public static final Comparator<ChainSpec> BY_MATCH =
      Comparator.comparing(ChainSpec::serverName).thenComparing(ChainSpec::transport);

  public ChainSpec {
    filters = List.copyOf(filters);
  }

  /** TLS is left alone, and relayed to the endpoints of a cluster that carry these tags. */
  public static ChainSpec passthrough(
      String serverName, String cluster, Map<String, String> subset) {
    return new ChainSpec(
        "",
        serverName,
        TransportProtocol.TLS,
        Optional.empty(),
        List.of(),
        Terminal.TcpProxy.to(new Destination.ToCluster(cluster, subset)));
  }

  /** The same with another end. */
  public ChainSpec withTerminal(Terminal other) {
    return new ChainSpec(name, serverName, transport, tls, filters, other);
  }

  /** Whether it does no more than relay, to whoever asks. */
  public boolean isPlainRelay() {
    return tls.isEmpty() && filters.isEmpty() && terminal instanceof Terminal.TcpProxy;
  }

  /**
   * The clusters that connections or requests of this chain may go to; none when it ends otherwise.
   */
  public List<Destination.ToCluster> relaysTo() {
    if (terminal instanceof Terminal.TcpProxy relay) {
      return relay.to().clusters();
    }
    return terminal instanceof Terminal.HttpProxy proxy
        ? proxy.http().routes().destinations().stream()
            .flatMap(to -> to.clusters().stream())
            .distinct()
            .toList()
        : List.of();
  }
}
