package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.ServerTls;
import io.zoneproxy.core.model.tls.Validation;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which clusters and secrets are named by others. */
final class References {
  private References() {}

  /** Adds the clusters that a chain names: destinations, collectors, servers of secrets. */
  static void clusters(ChainSpec chain, Set<String> to) {
    if (chain.terminal() instanceof Terminal.TcpProxy relay) {
      destination(relay.to(), to);
      logs(relay.options().accessLogs(), to);
    } else if (chain.terminal() instanceof Terminal.HttpProxy proxy) {
      http(proxy.http(), to);
    }
    if (chain.tls().isPresent()) {
      Set<SecretName> secrets = new HashSet<>();
      secrets(chain.tls().get(), secrets);
      for (SecretName secret : secrets) {
        if (!secret.source().equals(SecretName.CONTROL_PLANE)) {
          to.add(secret.source());
        }
      }
    }
  }

  private static void destination(Destination from, Set<String> to) {
    if (from instanceof Destination.ToCluster one) {
      to.add(one.cluster());
    } else {
      from.clusters().forEach(each -> to.add(each.cluster()));
    }
  }

  private static void http(HttpSpec from, Set<String> to) {
    from.routes().destinations().forEach(each -> destination(each, to));
    logs(from.accessLogs(), to);
    from.tracing().map(TracingSpec::provider).map(References::collector).ifPresent(to::add);
  }

  private static String collector(TracingSpec.Provider from) {
    if (from instanceof TracingSpec.Zipkin zipkin) {
      return zipkin.cluster();
    }
    return from instanceof TracingSpec.Datadog datadog
        ? datadog.cluster()
        : ((TracingSpec.OpenTelemetry) from).cluster();
  }

  private static void logs(List<AccessLogSpec> from, Set<String> to) {
    for (AccessLogSpec log : from) {
      if (log.sink() instanceof LogTarget.OpenTelemetry collector) {
        to.add(collector.cluster());
      }
    }
  }

  /** Adds the secrets that an end of TLS names. */
  static void secrets(ServerTls from, Set<SecretName> to) {
    certificates(from.certificates(), to);
    from.clients().flatMap(Validation::secret).ifPresent(to::add);
  }

  /** Adds the secrets that a cluster names. */
  static void secrets(ClusterSpec from, Set<SecretName> to) {
    for (TlsChoice choice : from.policy().tls()) {
      choice.tls().ifPresent(tls -> certificates(tls.certificates(), to));
      Optional<Validation> server = choice.tls().flatMap(tls -> tls.server());
      server.flatMap(Validation::secret).ifPresent(to::add);
    }
  }

  private static void certificates(List<CertificateSource> from, Set<SecretName> to) {
    for (CertificateSource source : from) {
      if (source instanceof CertificateSource.Named named) {
        to.add(named.secret());
      }
    }
  }
}
