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
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.Validation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
              : options.computeIfAbsent(relay.options(), this::options);
      return new Terminal.TcpProxy(destination(relay.to()), all);
    }
    return terminal instanceof Terminal.HttpProxy proxy
        ? new Terminal.HttpProxy(http(proxy.http()))
        : terminal;
  }

  private TcpOptions options(TcpOptions from) {
    return new TcpOptions(
        from.idleTimeout(), from.hash(), logs(from.accessLogs()), from.logOnConnect());
  }

  private List<AccessLogSpec> logs(List<AccessLogSpec> logs) {
    return logs.stream().map(log -> new AccessLogSpec(sink(log.sink()), log.filter())).toList();
  }

  private LogTarget sink(LogTarget sink) {
    return sink instanceof LogTarget.OpenTelemetry to
        ? new LogTarget.OpenTelemetry(
            of(to.cluster()), to.logName(), to.body(), to.attributes(), to.resource())
        : sink;
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
        logs(http.accessLogs()),
        tracing(http.tracing()));
  }

  private Optional<TracingSpec> tracing(Optional<TracingSpec> from) {
    return from.map(
        tracing ->
            new TracingSpec(
                provider(tracing.provider()),
                tracing.tags(),
                tracing.clientPercent(),
                tracing.randomPercent(),
                tracing.overallPercent()));
  }

  private TracingSpec.Provider provider(TracingSpec.Provider from) {
    if (from instanceof TracingSpec.Zipkin to) {
      // An empty host stands for the cluster's name, which is Kuma's.
      return new TracingSpec.Zipkin(
          of(to.cluster()),
          to.endpoint(),
          to.host().isEmpty() ? to.cluster() : to.host(),
          to.traceId128Bit(),
          to.sharedSpan());
    } else if (from instanceof TracingSpec.Datadog to) {
      return new TracingSpec.Datadog(of(to.cluster()), to.service());
    }
    TracingSpec.OpenTelemetry to = (TracingSpec.OpenTelemetry) from;
    return new TracingSpec.OpenTelemetry(of(to.cluster()), to.service());
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
