package io.zoneproxy.ingress.driven;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.PrivateKeyText;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.TlsVersions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SnapshotMergeTest {
  private static final SecretName IDENTITY = SecretName.of("identity_cert:secret:default");

  private static ChainSpec chain(TcpOptions options) {
    ServerTls tls =
        new ServerTls(
            List.of(new CertificateSource.Named(IDENTITY)),
            Optional.empty(),
            false,
            TlsVersions.DEFAULT,
            List.of());
    return new ChainSpec(
        "",
        "a",
        TransportProtocol.TLS,
        Optional.of(tls),
        List.of(),
        new Terminal.TcpProxy(new Destination.ToCluster("default:a", Map.of()), options));
  }

  private static ProxySnapshot snapshot(String listener, int port, String key, TcpOptions options) {
    ClusterSpec cluster = new ClusterSpec("default:a", List.of(), ClusterPolicy.DEFAULT);
    return new ProxySnapshot(
        List.of(
            new ListenerSpec(listener, new HostPort("10.0.0.1", port), List.of(chain(options)))),
        Map.of("default:a", cluster),
        Map.of(IDENTITY, new SecretSpec.Certificate("CHAIN", new PrivateKeyText(key))));
  }

  private static SnapshotMerge.Merged merge(ProxySnapshot egress, ProxySnapshot ingress) {
    Map<String, ProxySnapshot> byRole = new LinkedHashMap<>();
    byRole.put("egress", egress);
    byRole.put("ingress", ingress);
    return SnapshotMerge.merge(byRole);
  }

  @Test
  void eachRoleHasItsOwnSecretOfTheSameName() {
    ProxySnapshot merged =
        merge(
                snapshot("l", 1, "EGRESS", TcpOptions.DEFAULT),
                snapshot("l", 2, "INGRESS", TcpOptions.DEFAULT))
            .snapshot();

    for (ListenerSpec listener : merged.listeners()) {
      String role = listener.name().substring(0, listener.name().indexOf('/'));
      ServerTls tls = listener.chains().get(0).tls().orElseThrow();
      SecretName named = ((CertificateSource.Named) tls.certificates().get(0)).secret();
      assertThat(named.name()).isEqualTo(role + "/" + IDENTITY.name());
      assertThat(merged.secrets().get(named))
          .isEqualTo(
              new SecretSpec.Certificate(
                  "CHAIN", new PrivateKeyText(role.equals("egress") ? "EGRESS" : "INGRESS")));
    }
    assertThat(merged.clusters()).containsOnlyKeys("egress/default:a", "ingress/default:a");
  }

  @Test
  void collectorsOfAccessLogsCarryTheRoleToo() {
    LogTarget collector =
        new LogTarget.OpenTelemetry("otel", "log", Optional.empty(), Map.of(), Map.of());
    TcpOptions logged =
        new TcpOptions(
            Optional.empty(),
            List.of(),
            List.of(new AccessLogSpec(collector, Optional.empty())),
            false);

    ProxySnapshot merged =
        merge(snapshot("l", 1, "K", TcpOptions.DEFAULT), snapshot("l", 2, "K", logged)).snapshot();

    Terminal.TcpProxy relay =
        (Terminal.TcpProxy) merged.listeners().get(1).chains().get(0).terminal();
    assertThat(relay.options().accessLogs().get(0).sink())
        .isInstanceOfSatisfying(
            LogTarget.OpenTelemetry.class,
            to -> assertThat(to.cluster()).isEqualTo("ingress/otel"));
  }

  @Test
  void aSecondListenerAtAnAddressIsNamedWithTheFirst() {
    SnapshotMerge.Merged merged =
        merge(
            snapshot("one", 1, "K", TcpOptions.DEFAULT),
            snapshot("two", 1, "K", TcpOptions.DEFAULT));

    assertThat(merged.snapshot().listeners())
        .extracting(ListenerSpec::name)
        .containsExactly("egress/one");
    assertThat(merged.problems())
        .singleElement()
        .asString()
        .startsWith(
            "listener ingress/two is not served: listener egress/one has its address 10.0.0.1:1");
  }

  @Test
  void nothingIsSaidOfTheOneAdminPort() {
    SnapshotMerge.Merged merged =
        merge(
            snapshot("kuma:envoy:admin", 1, "K", TcpOptions.DEFAULT),
            snapshot("kuma:envoy:admin", 1, "K", TcpOptions.DEFAULT));

    assertThat(merged.snapshot().listeners()).hasSize(1);
    assertThat(merged.problems()).isEmpty();
  }
}
