package io.zoneproxy.egress.external;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.http.TracingSpec;
import io.zoneproxy.core.model.log.AccessLogSpec;
import io.zoneproxy.core.model.log.LogTarget;
import io.zoneproxy.core.observe.access.format.ForwardedFormat;
import io.zoneproxy.ingress.translate.CollectorNames;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What is written down and traced by two configurations, compared. */
final class SeenByKuma {
  private SeenByKuma() {}

  /** Whether a record comes with the connect, too, is a matter of relayed connections. */
  private record Seen(List<AccessLogSpec> logs, boolean onConnect, Optional<TracingSpec> tracing) {}

  /** Fails where a chain and one that a control plane made differ. */
  static void same(ChainSpec ours, ProxySnapshot made, ChainSpec theirs, ProxySnapshot sent) {
    assertThat(seen(ours, made)).as(theirs.serverName()).isEqualTo(seen(theirs, sent));
  }

  /** With what the clusters of collectors lead to in place of their names. */
  private static Seen seen(ChainSpec chain, ProxySnapshot in) {
    UnaryOperator<String> names = name -> collector(requireNonNull(in.clusters().get(name), name));
    if (chain.terminal() instanceof Terminal.TcpProxy relay) {
      TcpOptions options = relay.options();
      return new Seen(logs(options.accessLogs(), names), options.logOnConnect(), Optional.empty());
    }
    HttpSpec http = ((Terminal.HttpProxy) chain.terminal()).http();
    return new Seen(
        logs(http.accessLogs(), names),
        false,
        http.tracing().map(tracing -> CollectorNames.in(tracing, names)));
  }

  private static String collector(ClusterSpec cluster) {
    return cluster.localities().stream()
        .flatMap(group -> group.endpoints().stream())
        .map(endpoint -> endpoint.address() + " by " + cluster.policy().http().version())
        .collect(Collectors.joining(", "));
  }

  /** The name of a pipe says nothing: nobody opens it. */
  private static List<AccessLogSpec> logs(List<AccessLogSpec> from, UnaryOperator<String> names) {
    return CollectorNames.in(from, names).stream()
        .map(
            log ->
                log.sink() instanceof LogTarget.File file && ForwardedFormat.isPipe(file.path())
                    ? new AccessLogSpec(new LogTarget.File("a pipe", file.format()), log.filter())
                    : log)
        .toList();
  }
}
