package io.zoneproxy.ingress.explain;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.HttpSpec;
import io.zoneproxy.core.model.tls.CertificateSource;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.ServerTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What would become of the connections of a chain.
 *
 * @param reason "" when the action says all
 * @param clusters where they or their requests may go, each once
 */
public record ChainVerdict(Action action, String reason, List<String> clusters) {
  private static final String DIRECT = "envoy.filters.network.direct_response: ";
  private static final String ENDS_TLS = "behind TLS that ends here: not supported yet";

  /** What a chain does. */
  public enum Action {
    PASSTHROUGH,
    /** TLS or HTTP ends here; what was in it goes on, or the proxy itself answers. */
    TERMINATE,
    DIRECT_RESPONSE,
    /** Connections are refused until an engine is there that serves them. */
    WAITING,
    REFUSED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public ChainVerdict {
    clusters = List.copyOf(clusters);
  }

  /** Of a chain of this snapshot. */
  public static ChainVerdict of(ChainSpec chain, ProxySnapshot snapshot) {
    ChainVerdict verdict = ofTerminal(chain, snapshot);
    List<String> reasons = new ArrayList<>();
    if (!verdict.reason.isEmpty()) {
      reasons.add(verdict.reason);
    }
    chain.tls().stream()
        .flatMap(ChainVerdict::secrets)
        .distinct()
        .filter(secret -> !snapshot.secrets().containsKey(secret))
        .forEach(secret -> reasons.add("secret " + secret + " has not been sent"));
    verdict.clusters.stream()
        .filter(cluster -> !snapshot.clusters().containsKey(cluster))
        .forEach(cluster -> reasons.add("cluster " + cluster + " is not there"));
    return new ChainVerdict(verdict.action, String.join("; ", reasons), verdict.clusters);
  }

  private static ChainVerdict ofTerminal(ChainSpec chain, ProxySnapshot snapshot) {
    boolean tls = chain.tls().isPresent();
    Terminal end = chain.terminal();
    if (end instanceof Terminal.TcpProxy relay) {
      List<String> clusters = names(relay.to().clusters());
      return new ChainVerdict(tls ? Action.TERMINATE : Action.PASSTHROUGH, "", clusters);
    }
    if (end instanceof Terminal.HttpProxy proxy) {
      return ofHttp(proxy.http(), tls, snapshot);
    }
    if (end instanceof Terminal.Refusal refusal) {
      return new ChainVerdict(Action.REFUSED, refusal.why(), List.of());
    }
    return tls
        ? new ChainVerdict(Action.WAITING, DIRECT + ENDS_TLS, List.of())
        : new ChainVerdict(Action.DIRECT_RESPONSE, "", List.of());
  }

  private static ChainVerdict ofHttp(HttpSpec http, boolean tls, ProxySnapshot snapshot) {
    List<Destination.ToCluster> to = forwards(http).toList();
    List<String> clusters = names(to);
    if (!tls && to.isEmpty()) {
      return new ChainVerdict(Action.DIRECT_RESPONSE, "", clusters);
    }
    boolean here =
        !tls && to.stream().allMatch(one -> InternalClusters.serve(one.cluster(), snapshot));
    return new ChainVerdict(
        Action.TERMINATE, here ? "HTTP is answered by the proxy itself" : "", clusters);
  }

  private static Stream<Destination.ToCluster> forwards(HttpSpec http) {
    return http.routes().destinations().stream().flatMap(to -> to.clusters().stream());
  }

  private static List<String> names(List<Destination.ToCluster> clusters) {
    return clusters.stream().map(Destination.ToCluster::cluster).distinct().toList();
  }

  private static Stream<SecretName> secrets(ServerTls tls) {
    Stream<SecretName> own =
        tls.certificates().stream()
            .filter(CertificateSource.Named.class::isInstance)
            .map(source -> ((CertificateSource.Named) source).secret());
    return Stream.concat(own, tls.clients().stream().flatMap(clients -> clients.secret().stream()));
  }
}
