package io.zoneproxy.core.relay.portable;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.route.TlsOrigination;
import io.zoneproxy.core.route.TlsSession;
import io.zoneproxy.core.route.TlsTermination;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.Endpoint;
import io.zoneproxy.core.upstream.health.HealthChecks;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What begins TLS towards the endpoints of a chain's clusters. Immutable. */
public final class EndpointTls {
  /** Never in the clear because nothing was said. */
  private static final Consumer<Channel> REFUSE = EndpointTls::refuse;

  private record Choice(Map<String, String> match, Optional<Consumer<Channel>> begin) {}

  private final Function<ClusterSpec, List<String>> alpn;
  private final Map<String, List<TlsChoice>> made;
  private final Map<String, List<Choice>> choices = new HashMap<>();
  private String missing = "";

  private EndpointTls(Function<ClusterSpec, List<String>> alpn, Map<String, List<TlsChoice>> made) {
    this.alpn = alpn;
    this.made = made;
  }

  /**
   * Makes them; may read files.
   *
   * @param to where the chain goes
   */
  public static EndpointTls of(
      List<Destination> to, ProxySnapshot snapshot, TlsOrigination origination) {
    return of(to, snapshot, origination, cluster -> List.of());
  }

  /**
   * Makes them; may read files.
   *
   * @param to where the chain goes
   * @param alpn what is offered to a cluster whose TLS offers nothing
   */
  public static EndpointTls of(
      List<Destination> to,
      ProxySnapshot snapshot,
      TlsOrigination origination,
      Function<ClusterSpec, List<String>> alpn) {
    EndpointTls tls = new EndpointTls(alpn, wanted(to, snapshot, alpn));
    tls.made.forEach(
        (cluster, each) -> {
          List<Choice> compiled = new ArrayList<>();
          for (TlsChoice choice : each) {
            compiled.add(tls.choice(cluster, choice, snapshot, origination));
          }
          tls.choices.put(cluster, compiled);
        });
    return tls;
  }

  private Choice choice(
      String cluster, TlsChoice choice, ProxySnapshot snapshot, TlsOrigination origination) {
    if (choice.tls().isEmpty()) {
      return new Choice(choice.match(), Optional.empty());
    }
    ChainEngine.Outcome outcome = origination.originate(choice.tls().get(), snapshot.secrets());
    if (outcome instanceof ChainEngine.Handlers handlers) {
      return new Choice(choice.match(), Optional.of(handlers.install()));
    }
    missing = "cluster " + cluster + ": " + ((ChainEngine.Refused) outcome).why();
    return new Choice(choice.match(), Optional.empty());
  }

  /** Why nobody may be sent there; "" when all is well. */
  public String missing() {
    return missing;
  }

  /** Whether the clusters of another snapshot want the same. */
  public boolean holds(List<Destination> to, ProxySnapshot next) {
    return made.equals(wanted(to, next, alpn));
  }

  private static Map<String, List<TlsChoice>> wanted(
      List<Destination> to, ProxySnapshot snapshot, Function<ClusterSpec, List<String>> alpn) {
    Map<String, List<TlsChoice>> wanted = new HashMap<>();
    for (Destination destination : to) {
      for (Destination.ToCluster one : destination.clusters()) {
        ClusterSpec cluster = snapshot.clusters().get(one.cluster());
        if (cluster != null && !cluster.policy().tls().isEmpty()) {
          List<String> offered = alpn.apply(cluster);
          wanted.put(
              one.cluster(),
              cluster.policy().tls().stream().map(choice -> offering(choice, offered)).toList());
        }
      }
    }
    return wanted;
  }

  private static TlsChoice offering(TlsChoice choice, List<String> alpn) {
    return new TlsChoice(choice.match(), choice.tls().map(tls -> tls.withAlpnOr(alpn)));
  }

  /**
   * What begins TLS towards an endpoint, by the first choice that fits: the same object for all
   * endpoints of a choice. Empty = nothing does.
   */
  public Optional<Consumer<Channel>> towards(Cluster cluster, Endpoint endpoint) {
    List<Choice> known = choices.getOrDefault(cluster.name(), List.of());
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> says = cluster.tlsMatch(endpoint);
    for (Choice choice : known) {
      if (says.entrySet().containsAll(choice.match().entrySet())) {
        return choice.begin();
      }
    }
    return Optional.of(REFUSE);
  }

  /**
   * Tells the clusters that they lead outside, and their health checks how TLS is begun.
   *
   * @param to where the chain goes
   */
  public void tell(List<Destination> to, Function<String, Cluster> clusters) {
    for (Destination destination : to) {
      destination.clusters().forEach(one -> tell(clusters.apply(one.cluster())));
    }
  }

  private void tell(Cluster cluster) {
    cluster.leadsOutside();
    cluster.unverified(
        made.getOrDefault(cluster.name(), List.of()).stream()
            .flatMap(choice -> choice.tls().stream())
            .anyMatch(tls -> tls.server().isEmpty()));
    cluster.secure(
        endpoint ->
            towards(cluster, endpoint)
                .map(begin -> begin.andThen(probe -> probe.pipeline().addLast(new Told()))));
  }

  /** Tells a probe that TLS is established: clusters know nothing of sessions. */
  private static final class Told extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      ctx.fireUserEventTriggered(event == TlsSession.ESTABLISHED ? HealthChecks.SECURED : event);
    }
  }

  private static void refuse(Channel channel) {
    channel.attr(TlsTermination.FAILURE).set("no TLS is configured for this endpoint");
    channel.close();
  }
}
