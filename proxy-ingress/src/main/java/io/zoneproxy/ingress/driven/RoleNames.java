package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.http.RouteTable.Route;
import io.zoneproxy.core.model.http.RouteTable.VirtualHost;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.ingress.translate.CollectorNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a role in front of the names of listeners, clusters and secrets, wherever a configuration
 * has them. What names nothing stays the same object. For one configuration.
 */
final class RoleNames {
  private final String role;
  private final Map<ClusterPolicy, ClusterPolicy> policies = new HashMap<>();
  private final Map<TcpOptions, TcpOptions> options = new HashMap<>();

  RoleNames(String role) {
    this.role = role;
  }

  String of(String name) {
    return role + "/" + name;
  }

  /** What the source is called stays: whoever asks it knows nothing of roles. */
  SecretName secret(SecretName secret) {
    return new SecretName(of(secret.name()), secret.source());
  }

  ListenerSpec listener(ListenerSpec listener) {
    return new ListenerSpec(
        of(listener.name()),
        listener.address(),
        listener.peek(),
        listener.chains().stream().map(this::chain).toList(),
        listener.statPrefix());
  }

  ClusterSpec cluster(ClusterSpec cluster) {
    return new ClusterSpec(
        of(cluster.name()),
        cluster.statName(),
        cluster.localities(),
        cluster.policy().tls().isEmpty()
            ? cluster.policy()
            : policies.computeIfAbsent(cluster.policy(), this::policy));
  }

  private ClusterPolicy policy(ClusterPolicy policy) {
    return new ClusterPolicy(
        policy.connectTimeout(),
        policy.balancing(),
        policy.spread(),
        policy.subsets(),
        policy.limits(),
        policy.outliers(),
        policy.healthCheck(),
        policy.http(),
        policy.tls().stream()
            .map(choice -> new TlsChoice(choice.match(), choice.tls().map(this::tls)))
            .toList(),
        policy.dns());
  }

  private ClientTls tls(ClientTls tls) {
    return new ClientTls(
        tls.serverName(),
        certificates(tls.certificates()),
        tls.server().map(this::validation),
        tls.versions(),
        tls.alpn(),
        tls.allowRenegotiation());
  }

  private ServerTls tls(ServerTls tls) {
    return new ServerTls(
        certificates(tls.certificates()),
        tls.clients().map(this::validation),
        tls.requireCertificate(),
        tls.versions(),
        tls.alpn());
  }

  private List<CertificateSource> certificates(List<CertificateSource> sources) {
    return sources.stream()
        .map(
            source ->
                source instanceof CertificateSource.Named named
                    ? new CertificateSource.Named(secret(named.secret()))
                    : source)
        .toList();
  }

  private Validation validation(Validation validation) {
    return new Validation(validation.fixed(), validation.secret().map(this::secret));
  }

  private ChainSpec chain(ChainSpec chain) {
    return new ChainSpec(
        chain.name(),
        chain.serverName(),
        chain.transport(),
        chain.tls().map(this::tls),
        chain.filters(),
        terminal(chain.terminal()));
  }

  private Terminal terminal(Terminal terminal) {
    if (terminal instanceof Terminal.TcpProxy relay) {
      TcpOptions all =
          relay.options().accessLogs().isEmpty()
              ? relay.options()
              : options.computeIfAbsent(relay.options(), from -> CollectorNames.in(from, this::of));
      return new Terminal.TcpProxy(destination(relay.to()), all);
    }
    return terminal instanceof Terminal.HttpProxy proxy
        ? new Terminal.HttpProxy(http(proxy.http()))
        : terminal;
  }

  private HttpSpec http(HttpSpec http) {
    List<VirtualHost> hosts =
        http.routes().hosts().stream()
            .map(
                host ->
                    new VirtualHost(
                        host.name(),
                        host.domains(),
                        host.routes().stream().map(this::route).toList()))
            .toList();
    return new HttpSpec(
        http.name(),
        http.timeouts(),
        http.filters(),
        new RouteTable(http.routes().name(), hosts, http.routes().headers()),
        http.internal(),
        CollectorNames.in(http.accessLogs(), this::of),
        http.tracing().map(tracing -> CollectorNames.in(tracing, this::of)));
  }

  private Route route(Route route) {
    if (!(route.action() instanceof RouteAction.Forward to)) {
      return route;
    }
    return new Route(
        route.name(),
        route.match(),
        new RouteAction.Forward(
            destination(to.to()),
            to.timeout(),
            to.idleTimeout(),
            to.hostRewrite(),
            to.prefixRewrite(),
            to.hash()),
        route.headers(),
        route.limit());
  }

  private Destination destination(Destination to) {
    if (to instanceof Destination.Split split) {
      return new Destination.Split(
          split.shares().stream()
              .map(share -> new Destination.Share(one(share.to()), share.weight()))
              .toList());
    }
    return one((Destination.ToCluster) to);
  }

  private Destination.ToCluster one(Destination.ToCluster to) {
    return new Destination.ToCluster(of(to.cluster()), to.subset());
  }
}
