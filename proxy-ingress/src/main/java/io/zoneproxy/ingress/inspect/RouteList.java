package io.zoneproxy.ingress.inspect;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.text.Lines;
import io.zoneproxy.ingress.explain.ChainVerdict;
import io.zoneproxy.ingress.translate.ChainKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Routes as {@code validate} shows them. */
final class RouteList {
  private RouteList() {}

  /** A listener with its chains, and under each cluster's first chain its endpoints. */
  static void text(ListenerSpec listener, Preview preview, Lines text) {
    Map<String, ClusterSpec> clusters = preview.translation().clusters();
    text.add(
        "listener %s at %s: %d server names"
            .formatted(listener.name(), listener.address(), listener.chains().size()));
    Map<String, List<String>> byCluster = new TreeMap<>();
    for (ChainSpec chain : sorted(listener)) {
      String why = preview.refused().get(ChainKey.of(listener, chain));
      List<String> to = why == null ? clusters(chain) : List.of();
      if (why != null) {
        text.add("  refused %s: %s".formatted(shown(chain.serverName()), why));
      } else if (to.isEmpty()) {
        text.add("  %s %s".formatted(action(chain), shown(chain.serverName())));
      }
      String shown =
          chain.tls().isPresent() ? "terminate " + chain.serverName() : "sni " + chain.serverName();
      for (String one : to) {
        byCluster.computeIfAbsent(one, c -> new ArrayList<>()).add(shown);
      }
    }
    byCluster.forEach(
        (name, serverNames) -> {
          text.add("  cluster " + name);
          serverNames.forEach(sni -> text.add("    " + sni));
          ClusterSpec cluster = clusters.get(name);
          if (cluster != null) {
            cluster.localities().forEach(group -> endpoints(text, group));
            if (cluster.localities().stream().allMatch(group -> group.endpoints().isEmpty())) {
              text.add("    no endpoint: connections are closed");
            }
          }
        });
  }

  private static void endpoints(Lines text, LocalityEndpoints group) {
    String zone = group.locality().zone().isEmpty() ? "" : " zone " + group.locality().zone();
    for (EndpointSpec endpoint : group.endpoints()) {
      text.add(
          "    endpoint %s%s priority %d weight %d"
              .formatted(endpoint.address(), zone, group.priority(), endpoint.weight()));
    }
  }

  static List<Object> listeners(Preview preview) {
    List<Object> list = new ArrayList<>();
    for (ListenerSpec listener : preview.translation().listeners()) {
      List<Object> chains = new ArrayList<>();
      for (ChainSpec chain : sorted(listener)) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("serverNames", List.of(chain.serverName()));
        String why = preview.refused().get(ChainKey.of(listener, chain));
        one.put("action", why == null ? action(chain) : ChainVerdict.Action.REFUSED.toString());
        if (why != null) {
          one.put("reason", why);
        }
        one.put("clusters", clusters(chain));
        chains.add(one);
      }
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", listener.name());
      one.put("address", listener.address().toString());
      one.put("chains", chains);
      list.add(one);
    }
    return list;
  }

  static List<Object> clusters(Map<String, ClusterSpec> clusters) {
    List<Object> list = new ArrayList<>();
    for (ClusterSpec cluster : new TreeMap<>(clusters).values()) {
      List<Object> endpoints = new ArrayList<>();
      for (LocalityEndpoints group : cluster.localities()) {
        for (EndpointSpec endpoint : group.endpoints()) {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("address", endpoint.address().toString());
          one.put("zone", group.locality().zone());
          one.put("weight", endpoint.weight());
          one.put("priority", group.priority());
          one.put("tags", new TreeMap<>(endpoint.tags()));
          endpoints.add(one);
        }
      }
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", cluster.name());
      one.put("endpoints", endpoints);
      list.add(one);
    }
    return list;
  }

  private static List<ChainSpec> sorted(ListenerSpec listener) {
    return listener.chains().stream().sorted(Comparator.comparing(ChainSpec::serverName)).toList();
  }

  private static List<String> clusters(ChainSpec chain) {
    return ChainVerdict.of(chain, ProxySnapshot.EMPTY).clusters();
  }

  private static String action(ChainSpec chain) {
    return ChainVerdict.of(chain, ProxySnapshot.EMPTY).action().toString();
  }

  private static String shown(String serverName) {
    return serverName.isEmpty() ? "any other name" : "sni " + serverName;
  }
}
