package io.zoneproxy.core.forward.pool;

import io.netty.channel.Channel;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * With whom connections are shared: those of an endpoint that were begun alike.
 *
 * @param tls begins TLS; empty = none
 */
public record Target(
    Cluster cluster, Endpoint endpoint, Optional<Consumer<Channel>> tls, HttpUpstream http) {}
