package io.zoneproxy.bench.terminate;

import io.zoneproxy.bench.load.tls.Certificates;
import io.zoneproxy.bench.load.tls.Certificates.KeyKind;
import io.zoneproxy.bench.load.tls.Ports;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.NetworkFilter;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.policy.Permission;
import io.zoneproxy.core.model.policy.Principal;
import io.zoneproxy.core.model.policy.RbacSpec;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.TrustedCa;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of {@link EndingEnvoy} as zoneproxy's model has it.
 *
 * @param proxy that its listeners are told by
 * @param upstream that the servers are told by
 */
record EndedChains(
    HostPort proxy, HostPort upstream, String serverName, Certificates certificates) {
  private static final String HTTP = "http";
  private static final String TCP = "tcp";

  ProxySnapshot snapshot() {
    return new ProxySnapshot(
        List.of(
            listener(Ports.HTTP_EC, KeyKind.EC, http()),
            listener(Ports.HTTP_RSA, KeyKind.RSA, http()),
            listener(Ports.TCP_EC, KeyKind.EC, Terminal.TcpProxy.to(to(TCP)))),
        Map.of(
            HTTP, cluster(HTTP, Ports.UPSTREAM_HTTP),
            TCP, cluster(TCP, Ports.UPSTREAM_TCP)));
  }

  private ListenerSpec listener(int port, KeyKind key, Terminal terminal) {
    ServerTls tls =
        new ServerTls(
            List.of(
                new CertificateSource.Files(
                    certificates.server(key).toString(), certificates.serverKey(key).toString())),
            Optional.of(
                new Validation(
                    new ValidationSpec(
                        Optional.of(new TrustedCa.File(certificates.authority(key).toString())),
                        List.of(),
                        Map.of()),
                    Optional.empty())),
            true,
            TlsVersions.DEFAULT,
            List.of("h2", "http/1.1"));
    ChainSpec chain =
        new ChainSpec(
            "chain-" + port,
            serverName,
            TransportProtocol.TLS,
            Optional.of(tls),
            List.of(permissions()),
            terminal);
    return new ListenerSpec(
        "listener-" + port, new HostPort(proxy.host(), proxy.port() + port), List.of(chain));
  }

  private static NetworkFilter permissions() {
    RbacSpec.Policy policy =
        new RbacSpec.Policy(
            "web",
            List.of(new Permission.Any()),
            List.of(
                new Principal.Authenticated(
                    Optional.of(StringMatch.exact(Certificates.CLIENT_URI)))));
    return new NetworkFilter.Rbac(
        "rbac.",
        new RbacSpec(
            Optional.of(new RbacSpec.Rules(RbacSpec.Action.ALLOW, List.of(policy))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static Destination to(String cluster) {
    return new Destination.ToCluster(cluster, Map.of());
  }

  private static Terminal http() {
    RouteTable.Route route =
        new RouteTable.Route(
            "",
            new RouteTable.RouteMatch(StringMatch.prefix("/"), List.of(), Map.of()),
            new RouteAction.Forward(
                to(HTTP),
                Optional.empty(),
                Optional.empty(),
                new RouteAction.HostRewrite.Keep(),
                Optional.empty(),
                List.of()),
            RouteTable.Headers.NONE,
            HttpFilter.OFF);
    return new Terminal.HttpProxy(
        new HttpSpec(
            HTTP,
            new HttpTimeouts(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            List.of(new HttpFilter.Router()),
            new RouteTable(
                HTTP,
                List.of(new RouteTable.VirtualHost("all", List.of("*"), List.of(route))),
                RouteTable.Headers.NONE),
            List.of(),
            List.of(),
            Optional.empty()));
  }

  private ClusterSpec cluster(String name, int port) {
    ClusterPolicy plain = ClusterPolicy.DEFAULT;
    ClusterPolicy policy =
        new ClusterPolicy(
            plain.connectTimeout(),
            plain.balancing(),
            plain.spread(),
            plain.subsets(),
            CircuitBreakers.NONE,
            plain.outliers(),
            plain.healthCheck(),
            plain.http(),
            List.of(),
            plain.dns());
    EndpointSpec endpoint =
        new EndpointSpec(new HostPort(upstream.host(), upstream.port() + port), 1, Map.of());
    return new ClusterSpec(
        name, List.of(new LocalityEndpoints(Locality.ofZone(""), 0, 1, List.of(endpoint))), policy);
  }
}
