package io.zoneproxy.core.http;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.core.upstream.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Serves HTTP chains inside the process, when each of their routes answers by itself or leads to a
 * part of this proxy: the control plane's admin listener, its metrics listener, its dynamic
 * configuration. HTTP/1.1 only. Thread-safe.
 */
public final class InternalHttp implements ChainEngine {
  private final TlsTermination tls;
  private final Map<Address, HttpService> parts;
  private final ChainEngine outside;
  private final HttpLimits limits;
  private final HttpConnections plain;
  private final HttpConnections secured; // strangers on the plain side take no place from these

  /**
   * Serves nothing yet.
   *
   * @param tls ends TLS where a chain does
   * @param parts the proxy's own parts by the addresses that clusters name
   * @param outside serves the HTTP chains that lead somewhere else
   */
  public InternalHttp(TlsTermination tls, Map<Address, HttpService> parts, ChainEngine outside) {
    this(tls, parts, outside, HttpLimits.DEFAULT);
  }

  InternalHttp(
      TlsTermination tls, Map<Address, HttpService> parts, ChainEngine outside, HttpLimits limits) {
    this.tls = tls;
    this.parts = Map.copyOf(parts);
    this.outside = outside;
    this.limits = limits;
    this.plain = new HttpConnections(limits.maxConnections());
    this.secured = new HttpConnections(limits.maxConnections());
  }

  @Override
  public Outcome engine(
      ListenerSpec listener,
      ChainSpec chain,
      ProxySnapshot snapshot,
      Function<String, Cluster> clusters) {
    if (!(chain.terminal() instanceof Terminal.HttpProxy proxy)) {
      return ChainEngine.NONE.engine(listener, chain, snapshot, clusters);
    }
    HttpSpec http = proxy.http();
    Optional<InternalRoutes> routes;
    try {
      routes = InternalRoutes.of(http, snapshot.clusters(), parts);
    } catch (IllegalArgumentException e) { // an expression; the reason says which
      return new Unsupported(String.valueOf(e.getMessage()));
    }
    if (routes.isEmpty() || !chain.filters().isEmpty()) {
      return outside.engine(listener, chain, snapshot, clusters);
    }
    List<Optional<HttpService>> targets = InternalRoutes.targets(http, snapshot.clusters(), parts);
    Predicate<ProxySnapshot> holds =
        next -> targets.equals(InternalRoutes.targets(http, next.clusters(), parts));
    boolean ends = chain.tls().isPresent();
    HttpPipeline pipeline = new HttpPipeline(routes.get(), ends ? secured : plain, limits, !ends);
    if (!ends) {
      return new Handlers(pipeline::addTo, true, holds);
    }
    Outcome first = tls.terminate(chain.tls().get(), snapshot.secrets());
    return first instanceof Handlers handlers
        ? new Handlers(handlers.install().andThen(pipeline::addTo), true, holds)
        : first;
  }

  /** Idle connections end now, the others with their next answer. */
  @Override
  public void onDrain() {
    plain.drain();
    secured.drain();
    outside.onDrain();
  }
}
