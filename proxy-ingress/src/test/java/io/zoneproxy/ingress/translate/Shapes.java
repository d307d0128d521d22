package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.resource.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads translations in the few words that assertions want. */
final class Shapes {
  private Shapes() {}

  /** Server name to {@code cluster} or {@code cluster{tag=value, …}}. */
  static Map<String, String> chains(ListenerSpec listener) {
    Map<String, String> chains = new TreeMap<>();
    for (ChainSpec chain : listener.chains()) {
      Destination.ToCluster to = chain.relaysTo().get(0);
      chains.put(
          chain.serverName(),
          to.subset().isEmpty() ? to.cluster() : to.cluster() + new TreeMap<>(to.subset()));
    }
    return chains;
  }

  /** {@code zone/priority address*weight {tag=value}} of each endpoint. */
  static List<String> endpoints(Translation translation, String cluster) {
    ClusterSpec spec = translation.clusters().get(cluster);
    if (spec == null) {
      throw new AssertionError("no " + cluster + " in " + translation.clusters().keySet());
    }
    return spec.localities().stream().flatMap(Shapes::endpoints).toList();
  }

  private static Stream<String> endpoints(LocalityEndpoints locality) {
    return locality.endpoints().stream()
        .map(
            endpoint ->
                locality.locality().zone()
                    + "/"
                    + locality.priority()
                    + " "
                    + endpoint.address()
                    + "*"
                    + endpoint.weight()
                    + " "
                    + new TreeMap<>(endpoint.tags()));
  }

  /** The only listener's chains. */
  static Map<String, String> chains(Translation translation) {
    return chains(translation.listeners().get(0));
  }

  static List<String> notices(Translation translation) {
    return translation.notices().stream().map(Problem::toString).toList();
  }
}
