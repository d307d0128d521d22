package io.zoneproxy.core.route;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.ClientTls;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.Validation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the secrets that a chain lives on: its own, and those of the clusters it goes to. */
final class NamedSecrets {
  private final ProxySnapshot snapshot;
  private final Map<SecretName, SecretSpec> found = new HashMap<>();

  private NamedSecrets(ProxySnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Those of them that have come. */
  static Map<SecretName, SecretSpec> of(ChainSpec chain, ProxySnapshot snapshot) {
    if (snapshot.secrets().isEmpty()) {
      return Map.of();
    }
    NamedSecrets secrets = new NamedSecrets(snapshot);
    chain.tls().ifPresent(secrets::add);
    clusters(chain.terminal()).forEach(secrets::addCluster);
    return secrets.found;
  }

  private static Set<String> clusters(Terminal terminal) {
    List<Destination> destinations = List.of();
    if (terminal instanceof Terminal.TcpProxy relay) {
      destinations = List.of(relay.to());
    } else if (terminal instanceof Terminal.HttpProxy proxy) {
      destinations = proxy.http().routes().destinations();
    }
    Set<String> names = new HashSet<>();
    destinations.forEach(to -> to.clusters().forEach(one -> names.add(one.cluster())));
    return names;
  }

  private void addCluster(String name) {
    ClusterSpec cluster = snapshot.clusters().get(name);
    if (cluster != null) {
      for (TlsChoice choice : cluster.policy().tls()) {
        choice.tls().ifPresent(this::add);
      }
    }
  }

  private void add(ServerTls tls) {
    tls.certificates().forEach(this::add);
    add(tls.clients());
  }

  private void add(ClientTls tls) {
    tls.certificates().forEach(this::add);
    add(tls.server());
  }

  private void add(CertificateSource source) {
    if (source instanceof CertificateSource.Named named) {
      add(named.secret());
    }
  }

  private void add(Optional<Validation> validation) {
    validation.flatMap(Validation::secret).ifPresent(this::add);
  }

  private void add(SecretName name) {
    SecretSpec secret = snapshot.secrets().get(name);
    if (secret != null) {
      found.put(name, secret);
    }
  }
}
