package io.zoneproxy.cp.translate.listener;

import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.type.v3.HashPolicy.PolicySpecifierCase;
import io.zoneproxy.core.model.TcpOptions;
import io.zoneproxy.core.model.Terminal;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.balance.HashPolicy;
import io.zoneproxy.cp.translate.log.AccessLogs;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The end that relays bytes. */
final class TcpProxyTranslator {
  private final Interned interned;

  TcpProxyTranslator(Interned interned) {
    this.interned = interned;
  }

  Optional<Terminal> translate(TcpProxy from, Problems problems) {
    problems.refuse("tunneling_config", from.hasTunnelingConfig());
    problems.refuse("max_downstream_connection_duration", limited(from));
    TcpOptions options = interned.one(options(from, problems));
    return destination(from, problems).map(to -> new Terminal.TcpProxy(to, options));
  }

  private static boolean limited(TcpProxy from) {
    return from.hasMaxDownstreamConnectionDuration();
  }

  private Optional<Destination> destination(TcpProxy from, Problems problems) {
    Map<String, String> subset =
        from.hasMetadataMatch()
            ? Tags.in(from.getMetadataMatch(), Tags.LB, interned, problems.at("metadata_match"))
            : Map.of();
    if (from.hasCluster() && !from.getCluster().isEmpty()) {
      return Optional.of(new Destination.ToCluster(from.getCluster(), subset));
    }
    if (from.hasWeightedClusters()) {
      return split(from.getWeightedClusters(), subset, problems.at("weighted_clusters"));
    }
    problems.at("cluster").add("empty", "cluster or weighted_clusters");
    return Optional.empty();
  }

  private Optional<Destination> split(
      TcpProxy.WeightedCluster from, Map<String, String> subset, Problems problems) {
    List<Destination.Share> shares = new ArrayList<>(from.getClustersCount());
    for (int i = 0; i < from.getClustersCount(); i++) {
      TcpProxy.WeightedCluster.ClusterWeight each = from.getClusters(i);
      Problems at = problems.at("clusters", i);
      if (each.getName().isEmpty()) {
        at.at("name").add("empty", "the name of a cluster");
      }
      Map<String, String> tags = new LinkedHashMap<>(subset);
      tags.putAll(Tags.in(each.getMetadataMatch(), Tags.LB, interned, at.at("metadata_match")));
      shares.add(
          new Destination.Share(
              new Destination.ToCluster(each.getName(), interned.map(tags)),
              Numbers.count(each.getWeight(), at.at("weight"))));
    }
    if (shares.stream().mapToLong(Destination.Share::weight).sum() == 0) {
      problems.at("clusters").add("no weight", "a sum of at least 1");
      return Optional.empty();
    }
    return Optional.of(new Destination.Split(shares));
  }

  @SuppressWarnings("deprecation") // flush_access_log_on_connected from before its message
  private static TcpOptions options(TcpProxy from, Problems problems) {
    if (!from.hasIdleTimeout() && from.getHashPolicyCount() == 0 && from.getAccessLogCount() == 0) {
      return TcpOptions.DEFAULT;
    }
    return new TcpOptions(
        Numbers.optional(from.hasIdleTimeout(), from.getIdleTimeout(), problems.at("idle_timeout")),
        hash(from, problems),
        AccessLogs.of(from.getAccessLogList(), problems),
        from.getAccessLogOptions().getFlushAccessLogOnConnected()
            || from.getFlushAccessLogOnConnected());
  }

  private static List<HashPolicy> hash(TcpProxy from, Problems problems) {
    List<HashPolicy> policies = new ArrayList<>(from.getHashPolicyCount());
    for (int i = 0; i < from.getHashPolicyCount(); i++) {
      PolicySpecifierCase what = from.getHashPolicy(i).getPolicySpecifierCase();
      if (what == PolicySpecifierCase.SOURCE_IP) {
        policies.add(new HashPolicy(new HashPolicy.SourceAddress(), false));
      } else {
        problems.at("hash_policy", i).add(what, "source_ip");
      }
    }
    return policies;
  }
}
