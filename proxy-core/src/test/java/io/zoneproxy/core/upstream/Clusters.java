package io.zoneproxy.core.upstream;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterPolicy.DnsFamily;
import io.zoneproxy.core.model.ClusterPolicy.Spread;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.balance.Balancing;
import io.zoneproxy.core.model.balance.CircuitBreakers;
import io.zoneproxy.core.model.balance.HealthCheck;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.model.balance.OutlierDetection;
import io.zoneproxy.core.model.balance.SubsetPolicy;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Clusters with policies, and what is picked from them, for tests. */
final class Clusters {
  Balancing balancing = Balancing.ROUND_ROBIN;
  Spread spread = Spread.DEFAULT;
  SubsetPolicy subsets = SubsetPolicy.STRICT;
  CircuitBreakers limits = CircuitBreakers.NONE;
  Optional<OutlierDetection> outliers = Optional.empty();
  Optional<HealthCheck> check = Optional.empty();
  List<TlsChoice> tls = List.of();
  DnsFamily dns = DnsFamily.AUTO;

  /** No name is known. */
  static NameTable names() {
    return new NameTable(
        name -> ImmediateEventExecutor.INSTANCE.newFailedFuture(new UnknownHostException(name)));
  }

  /** Chance with a fixed seed, nobody's health looked after. */
  static ClusterContext context() {
    ClusterContext usual = new ClusterContext(names(), null);
    return new ClusterContext(usual.names(), null, new Random(42)::nextLong, usual.probes());
  }

  ClusterPolicy policy() {
    return new ClusterPolicy(
        Optional.empty(),
        balancing,
        spread,
        subsets,
        limits,
        outliers,
        check,
        HttpUpstream.DEFAULT,
        tls,
        dns);
  }

  ClusterSpec spec(LocalityEndpoints... localities) {
    return new ClusterSpec("default:backend", List.of(localities), policy());
  }

  Cluster cluster(LocalityEndpoints... localities) {
    return new Cluster(spec(localities), context());
  }

  /** 10.0.0.LAST of weight 1. */
  static EndpointSpec endpoint(int last, boolean healthy) {
    return new EndpointSpec(new HostPort("10.0.0." + last, 80), 1, healthy, Map.of(), Map.of());
  }

  /** The last byte of its address; 0 for none. */
  static int last(@Nullable Endpoint endpoint) {
    String host = endpoint == null ? ".0" : endpoint.address().host();
    return Integer.parseInt(host.substring(host.lastIndexOf('.') + 1));
  }

  /** How often each is picked, by the last byte of its address. */
  static Map<Integer, Integer> pick(Picker picker, int times) {
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int i = 0; i < times; i++) {
      counts.merge(last(picker.pick(List.of())), 1, Integer::sum);
    }
    return counts;
  }
}
