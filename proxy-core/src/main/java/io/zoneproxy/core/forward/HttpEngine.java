package io.zoneproxy.core.forward;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.zoneproxy.core.forward.pool.ConnectionPools;
import io.zoneproxy.core.forward.request.RequestFilters;
import io.zoneproxy.core.forward.request.Routes;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.observe.request.HttpStats;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.core.relay.portable.EndpointTls;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.route.TlsOrigination;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.core.trace.Tracers;
import io.zoneproxy.core.upstream.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Serves chains that speak HTTP with the downstream and forward its requests: to external services.
 * Thread-safe.
 */
public final class HttpEngine implements ChainEngine {
  /** A user event of a downstream's channel: end with the next answer. */
  static final Object DRAIN =
      new Object() {
        @Override
        public String toString() {
          return "drain";
        }
      };

  private static final List<String> H2 = List.of("h2");
  private static final List<String> HTTP_1_1 = List.of("http/1.1");

  /**
   * What a chain is served by, as the routing table has it: so connections find the newest.
   *
   * @param first what is put in before; ends TLS
   * @param entrance comes after that
   */
  record Served(Consumer<Channel> first, Entrance entrance) implements Consumer<Channel> {
    @Override
    public void accept(Channel channel) {
      first.accept(channel);
      entrance.install(channel);
    }
  }

  private final TlsTermination tls;
  private final TlsOrigination origination;
  private final int maxAttempts;
  private final RequestObserver observer;
  private final HttpStatsTable stats;
  private final Tracers tracers;
  private final ConnectionPools pools;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private volatile boolean draining;

  /**
   * @param tls ends TLS
   * @param origination begins it, towards endpoints that want it
   * @param connectTimeout for a cluster that says nothing
   * @param maxAttempts endpoints that one request may try, at least 1
   * @param observer hears of every request's end
   * @param stats where connections and requests are counted
   * @param tracers for chains that want spans of their requests
   */
  public HttpEngine(
      TlsTermination tls,
      TlsOrigination origination,
      Duration connectTimeout,
      int maxAttempts,
      RequestObserver observer,
      HttpStatsTable stats,
      Tracers tracers) {
    this.tls = tls;
    this.origination = origination;
    this.maxAttempts = maxAttempts;
    this.observer = observer;
    this.stats = stats;
    this.tracers = tracers;
    this.pools = new ConnectionPools(connectTimeout);
  }

  @Override
  public Outcome engine(
      ListenerSpec listener,
      ChainSpec chain,
      ProxySnapshot snapshot,
      Function<String, Cluster> clusters) {
    if (!(chain.terminal() instanceof Terminal.HttpProxy proxy)) {
      return NONE.engine(listener, chain, snapshot, clusters);
    }
    HttpSpec http = proxy.http();
    EndpointTls begun =
        EndpointTls.of(http.routes().destinations(), snapshot, origination, HttpEngine::alpn);
    if (!begun.missing().isEmpty()) {
      return new Unavailable(begun.missing());
    }
    begun.tell(http.routes().destinations(), clusters);
    Entrance entrance;
    try {
      entrance =
          new Entrance(FilterStates.of(chain.filters()), chain(http, begun, clusters), chain.tls());
    } catch (IllegalArgumentException e) { // not dropped in silence: nobody passes then
      return new Unsupported(String.valueOf(e.getMessage()));
    }
    Predicate<ProxySnapshot> holds = next -> begun.holds(http.routes().destinations(), next);
    if (chain.tls().isEmpty()) {
      return new Handlers(new Served(channel -> {}, entrance), false, holds);
    }
    Outcome ended = tls.terminate(chain.tls().get(), snapshot.secrets());
    return ended instanceof Handlers handlers
        ? new Handlers(new Served(handlers.install(), entrance), false, holds)
        : ended;
  }

  /** As Envoy: what is spoken is offered, and spoken whatever the upstream chooses. */
  private static List<String> alpn(ClusterSpec cluster) {
    return cluster.policy().http().version() == HttpUpstream.Version.HTTP_2 ? H2 : HTTP_1_1;
  }

  private HttpChain chain(HttpSpec http, EndpointTls begun, Function<String, Cluster> clusters) {
    HttpStats counts = stats.of(http.name());
    return new HttpChain(
        http,
        Routes.of(http.routes(), clusters, stats.limits),
        RequestFilters.of(http.filters(), counts, stats.limits),
        counts,
        pools,
        begun::towards,
        maxAttempts,
        observer,
        connections,
        http.tracing().map(spec -> tracers.of(spec, counts.tracing)),
        () -> draining);
  }

  /** Idle connections end now, the others with their next answer. */
  @Override
  public void onDrain() {
    draining = true;
    connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(DRAIN));
    pools.drain();
  }
}
