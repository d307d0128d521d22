package io.zoneproxy.ingress.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpFilter;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.HttpTimeouts;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteTable;
import io.zoneproxy.core.model.policy.StringMatch;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import io.zoneproxy.core.model.tls.Validation;
import io.zoneproxy.core.model.tls.ValidationSpec;
import io.zoneproxy.core.text.Lines;
import io.zoneproxy.ingress.explain.ChainVerdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a chain, as {@code validate} tells it. */
final class SnapshotListTest {
  private static final String ADMIN = "kuma:envoy:admin";
  private static final SecretName IDENTITY = SecretName.of("identity_cert:secret:default");
  private static final SecretName CA = SecretName.of("mesh_ca:secret:default");

  private static final Address LOOPBACK = new HostPort("127.0.0.1", 9901);

  private static Terminal relay(String cluster) {
    return Terminal.TcpProxy.to(new Destination.ToCluster(cluster, Map.of()));
  }

  private static ChainSpec chain(
      String name, String serverName, Optional<ServerTls> tls, Terminal end) {
    return new ChainSpec(name, serverName, TransportProtocol.TLS, tls, List.of(), end);
  }

  private static Optional<ServerTls> tls(CertificateSource own, Optional<SecretName> clients) {
    return Optional.of(
        new ServerTls(
            List.of(own),
            Optional.of(new Validation(ValidationSpec.EMPTY, clients)),
            true,
            TlsVersions.DEFAULT,
            List.of()));
  }

  private static Optional<ServerTls> meshTls() {
    return tls(new CertificateSource.Named(IDENTITY), Optional.of(CA));
  }

  private static Terminal http(RouteAction... actions) {
    List<RouteTable.Route> routes =
        Arrays.stream(actions)
            .map(
                action ->
                    new RouteTable.Route(
                        "",
                        new RouteTable.RouteMatch(StringMatch.prefix("/"), List.of(), Map.of()),
                        action,
                        RouteTable.Headers.NONE,
                        HttpFilter.OFF))
            .toList();
    return new Terminal.HttpProxy(
        new HttpSpec(
            "http",
            new HttpTimeouts(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            List.of(new HttpFilter.Router()),
            new RouteTable(
                "routes",
                List.of(new RouteTable.VirtualHost("host", List.of("*"), routes)),
                RouteTable.Headers.NONE),
            List.of(),
            List.of(),
            Optional.empty()));
  }

  private static RouteAction to(String cluster) {
    return new RouteAction.Forward(
        new Destination.ToCluster(cluster, Map.of()),
        Optional.empty(),
        Optional.empty(),
        new RouteAction.HostRewrite.Keep(),
        Optional.empty(),
        List.of());
  }

  private static ProxySnapshot snapshot(
      List<ChainSpec> chains, Map<String, Address> clusters, SecretName... secrets) {
    Map<String, ClusterSpec> specs = new HashMap<>();
    clusters.forEach(
        (name, address) ->
            specs.put(
                name,
                new ClusterSpec(
                    name,
                    List.of(
                        new LocalityEndpoints(
                            new Locality("", "", ""),
                            1,
                            List.of(new EndpointSpec(address, 3, Map.of())))),
                    ClusterPolicy.DEFAULT)));
    Map<SecretName, SecretSpec> sent = new HashMap<>();
    for (SecretName each : secrets) {
      sent.put(each, new SecretSpec.Certificate("chain", new PrivateKeyText("key")));
    }
    ListenerSpec listener = new ListenerSpec("l", new HostPort("127.0.0.1", 10002), chains);
    return new ProxySnapshot(List.of(listener), specs, sent);
  }

  private static ChainVerdict verdict(Optional<ServerTls> tls, Terminal end, Address admin) {
    ChainSpec chain = chain("c", "a", tls, end);
    return ChainVerdict.of(
        chain, snapshot(List.of(chain), Map.of("out", LOOPBACK, ADMIN, admin), IDENTITY, CA));
  }

  @Test
  void aRelayPassesTlsThroughOrEndsIt() {
    assertThat(verdict(Optional.empty(), relay("out"), LOOPBACK))
        .isEqualTo(new ChainVerdict(ChainVerdict.Action.PASSTHROUGH, "", List.of("out")));
    assertThat(verdict(meshTls(), relay("out"), LOOPBACK))
        .isEqualTo(new ChainVerdict(ChainVerdict.Action.TERMINATE, "", List.of("out")));
  }

  @Test
  void httpIsAnsweredByTheProxyItselfOrForwarded() {
    CertificateSource own = new CertificateSource.Inline("chain", new PrivateKeyText("key"));
    assertThat(verdict(tls(own, Optional.empty()), http(to(ADMIN)), LOOPBACK))
        .isEqualTo(new ChainVerdict(ChainVerdict.Action.TERMINATE, "", List.of(ADMIN)));
    assertThat(verdict(Optional.empty(), http(to(ADMIN)), new Pipe("/tmp/admin.sock")))
        .isEqualTo(
            new ChainVerdict(
                ChainVerdict.Action.TERMINATE,
                "HTTP is answered by the proxy itself",
                List.of(ADMIN)));
    assertThat(verdict(Optional.empty(), http(to(ADMIN)), new HostPort("192.0.2.1", 9901)))
        .as("a cluster of that name which is elsewhere")
        .isEqualTo(new ChainVerdict(ChainVerdict.Action.TERMINATE, "", List.of(ADMIN)));
    assertThat(verdict(meshTls(), http(to(ADMIN), to("out")), LOOPBACK))
        .isEqualTo(new ChainVerdict(ChainVerdict.Action.TERMINATE, "", List.of(ADMIN, "out")));
    assertThat(verdict(meshTls(), new Terminal.DirectResponse("{}"), LOOPBACK).action())
        .as("Kuma sends none behind TLS")
        .isEqualTo(ChainVerdict.Action.WAITING);
  }

  @Test
  void answersOnlyAreDirectResponses() {
    assertThat(verdict(Optional.empty(), http(new RouteAction.Answer(304, "")), LOOPBACK).action())
        .hasToString("direct-response");
    assertThat(verdict(Optional.empty(), new Terminal.DirectResponse("{}"), LOOPBACK).action())
        .hasToString("direct-response");
  }

  @Test
  void aSecretThatHasNotComeIsTheReason() {
    ChainSpec chain = chain("c", "a", meshTls(), relay("out"));
    Map<String, Address> clusters = Map.of("out", LOOPBACK);
    assertThat(ChainVerdict.of(chain, snapshot(List.of(chain), clusters, IDENTITY)).reason())
        .isEqualTo("secret mesh_ca:secret:default has not been sent");
    assertThat(ChainVerdict.of(chain, snapshot(List.of(chain), clusters, IDENTITY, CA)).reason())
        .isEmpty();
  }

  @Test
  void aRefusalSaysWhyAndMakesTheWholeBad() {
    ChainSpec chain = chain("c", "a", Optional.empty(), new Terminal.Refusal("no such cluster"));
    ProxySnapshot refused = snapshot(List.of(chain), Map.of());
    assertThat(ChainVerdict.of(chain, refused))
        .isEqualTo(new ChainVerdict(ChainVerdict.Action.REFUSED, "no such cluster", List.of()));
    assertThat(SnapshotList.refusesAny(refused)).isTrue();
    assertThat(SnapshotList.refusesAny(ProxySnapshot.EMPTY)).isFalse();
  }

  @Test
  void aChainWithoutFiltersClosesConnectionsAsItIsMeantTo() {
    ChainSpec chain = chain("c", "", Optional.empty(), Terminal.Refusal.NO_FILTERS);
    ProxySnapshot closing = snapshot(List.of(chain), Map.of());
    assertThat(ChainVerdict.of(chain, closing).reason()).isEqualTo("no filters in the chain");
    assertThat(SnapshotList.refusesAny(closing)).isFalse();
  }

  @Test
  void aChainWithSeveralServerNamesIsShownOnce() {
    List<ChainSpec> chains = new ArrayList<>();
    for (String name : List.of("c", "a", "b")) {
      chains.add(chain("same", name, Optional.empty(), relay("out")));
    }
    chains.add(chain("same", "d", Optional.empty(), relay("other")));
    ProxySnapshot snapshot = snapshot(chains, Map.of("out", LOOPBACK, "other", LOOPBACK));
    Lines text = new Lines();
    SnapshotList.text(snapshot, text);
    assertThat(text)
        .hasToString(
            """
            listener l at 127.0.0.1:10002: 2 chains
              chain same passthrough -> out
                sni a
                sni b
                sni c
              chain same passthrough -> other
                sni d
            cluster other
              endpoint 127.0.0.1:9901 priority 1 weight 3
            cluster out
              endpoint 127.0.0.1:9901 priority 1 weight 3
            """);
    assertThat(SnapshotList.listeners(snapshot))
        .singleElement()
        .isEqualTo(
            Map.of(
                "name",
                "l",
                "address",
                "127.0.0.1:10002",
                "chains",
                List.of(shown(List.of("a", "b", "c"), "out"), shown(List.of("d"), "other"))));
    assertThat(SnapshotList.clusters(snapshot))
        .first()
        .isEqualTo(
            Map.of(
                "name",
                "other",
                "endpoints",
                List.of(Map.of("address", "127.0.0.1:9901", "weight", 3, "priority", 1))));
  }

  private static Map<String, Object> shown(List<String> serverNames, String cluster) {
    return Map.of(
        "name",
        "same",
        "serverNames",
        serverNames,
        "action",
        "passthrough",
        "reason",
        "",
        "clusters",
        List.of(cluster));
  }
}
