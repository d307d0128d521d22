package io.zoneproxy.core.relay.portable;

import io.netty.channel.Channel;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.relay.HandedOver;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.route.TlsOrigination;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Upstreams;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Serves chains that end TLS and relay what was in it: to an external service that speaks TCP,
 * plain or with TLS begun here. Who may pass is asked when the handshake is done, as whom it has
 * proved to be. Thread-safe.
 */
public final class TerminatedTcp implements ChainEngine {
  private final TlsTermination tls;
  private final TlsOrigination origination;

  /**
   * @param tls ends TLS
   * @param origination begins it, towards endpoints that want it
   */
  public TerminatedTcp(TlsTermination tls, TlsOrigination origination) {
    this.tls = tls;
    this.origination = origination;
  }

  /**
   * What one chain's connections share.
   *
   * @param upstreams where to
   * @param tls what begins TLS there
   */
  record Chain(Upstreams upstreams, EndpointTls tls, TcpOptions options) {}

  @Override
  public Outcome engine(
      ListenerSpec listener,
      ChainSpec chain,
      ProxySnapshot snapshot,
      Function<String, Cluster> clusters) {
    if (!(chain.terminal() instanceof Terminal.TcpProxy relay) || chain.tls().isEmpty()) {
      return NONE.engine(listener, chain, snapshot, clusters);
    }
    EndpointTls begun = EndpointTls.of(List.of(relay.to()), snapshot, origination);
    if (!begun.missing().isEmpty()) {
      return new Unavailable(begun.missing());
    }
    begun.tell(List.of(relay.to()), clusters);
    Chain shared = new Chain(Upstreams.of(relay.to(), clusters), begun, relay.options());
    Outcome ended = tls.terminate(chain.tls().get(), snapshot.secrets());
    return ended instanceof Handlers handlers
        ? new Handlers(
            handlers.install().andThen(install(shared)),
            false,
            next -> begun.holds(List.of(relay.to()), next))
        : ended;
  }

  private static Consumer<Channel> install(Chain chain) {
    return channel -> {
      HandedOver downstream = Objects.requireNonNull(channel.attr(HandedOver.KEY).get());
      channel.pipeline().addLast(new TerminatedConnection.Beginning(chain, downstream));
    };
  }
}
