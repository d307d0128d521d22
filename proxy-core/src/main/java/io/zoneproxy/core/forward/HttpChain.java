package io.zoneproxy.core.forward;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.zoneproxy.core.forward.pool.ConnectionPools;
import io.zoneproxy.core.forward.pool.Target;
import io.zoneproxy.core.forward.request.RequestFilter;
import io.zoneproxy.core.forward.request.Routes;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.observe.request.HttpStats;
import io.zoneproxy.core.observe.request.RequestObserver;
import io.zoneproxy.core.trace.Tracer;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What the connections of one chain share. Any thread.
 *
 * @param spec what the chain was made from
 * @param routes where requests go
 * @param filters before that
 * @param stats counts connections and requests
 * @param pools connections to upstreams
 * @param tls begins TLS towards an endpoint; empty = none
 * @param maxAttempts endpoints that one request may try
 * @param observer hears of every request's end
 * @param connections the open ones of downstreams
 * @param tracer traces requests; empty = nobody does
 * @param draining whether connections are to end with their next answer
 */
record HttpChain(
    HttpSpec spec,
    Routes routes,
    List<RequestFilter> filters,
    HttpStats stats,
    ConnectionPools pools,
    BiFunction<Cluster, Endpoint, Optional<Consumer<Channel>>> tls,
    int maxAttempts,
    RequestObserver observer,
    ChannelGroup connections,
    Optional<Tracer> tracer,
    BooleanSupplier draining) {

  /** Whether calls of gRPC are counted for their clusters. */
  boolean countsGrpc() {
    for (HttpFilter filter : spec.filters()) {
      if (filter instanceof HttpFilter.GrpcStats) {
        return true;
      }
    }
    return false;
  }

  /** With whom connections to an endpoint are shared. */
  Target target(Cluster cluster, Endpoint endpoint) {
    return new Target(
        cluster, endpoint, tls.apply(cluster, endpoint), cluster.spec().policy().http());
  }
}
