package io.zoneproxy.cp.translate.http;

import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.model.http.RouteAction;
import io.zoneproxy.core.model.http.RouteAction.HostRewrite;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Numbers;
import io.zoneproxy.cp.translate.value.Problems;
import io.zoneproxy.cp.translate.value.Tags;
import io.zoneproxy.cp.translate.value.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of requests. */
final class RouteActions {
  private static final int LEAST_STATUS = 200; // as Envoy
  private static final int MOST_STATUS = 599;

  private final Interned interned;

  RouteActions(Interned interned) {
    this.interned = interned;
  }

  Optional<RouteAction> of(Route from, Problems problems) {
    return switch (from.getActionCase()) {
      case ROUTE -> forward(from.getRoute(), problems.at("route"));
      case DIRECT_RESPONSE -> answer(from.getDirectResponse(), problems.at("direct_response"));
      default -> {
        problems.add(from.getActionCase(), "route or direct_response");
        yield Optional.empty();
      }
    };
  }

  private static Optional<RouteAction> answer(DirectResponseAction from, Problems problems) {
    int status = from.getStatus();
    if (status < LEAST_STATUS || status > MOST_STATUS) {
      problems.at("status").add(Integer.toUnsignedString(status), "200 to 599");
    }
    Optional<String> body =
        from.hasBody() ? Texts.inline(from.getBody(), problems.at("body")) : Optional.of("");
    return body.map(text -> new RouteAction.Answer(status, text));
  }

  private Optional<RouteAction> forward(
      io.envoyproxy.envoy.config.route.v3.RouteAction from, Problems problems) {
    refuseOthers(from, problems);
    Optional<String> prefix =
        from.getPrefixRewrite().isEmpty() ? Optional.empty() : Optional.of(from.getPrefixRewrite());
    var timeout = Numbers.optional(from.hasTimeout(), from.getTimeout(), problems.at("timeout"));
    var idle =
        Numbers.optional(from.hasIdleTimeout(), from.getIdleTimeout(), problems.at("idle_timeout"));
    HostRewrite host = host(from, problems);
    var hash = HashPolicies.of(from.getHashPolicyList(), problems);
    return destination(from, problems)
        .map(to -> new RouteAction.Forward(to, timeout, idle, host, prefix, hash));
  }

  private static void refuseOthers(
      io.envoyproxy.envoy.config.route.v3.RouteAction from, Problems problems) {
    problems.refuse("regex_rewrite", from.hasRegexRewrite());
    problems.refuse("path_rewrite_policy", from.hasPathRewritePolicy());
    problems.refuse("retry_policy", from.hasRetryPolicy());
    problems.refuse("request_mirror_policies", from.getRequestMirrorPoliciesCount() > 0);
    problems.refuse("rate_limits", from.getRateLimitsCount() > 0);
    problems.refuse("upgrade_configs", from.getUpgradeConfigsCount() > 0);
    problems.refuse("internal_redirect_policy", from.hasInternalRedirectPolicy());
    problems.refuse("hedge_policy", from.hasHedgePolicy());
    problems.refuse("max_stream_duration", from.hasMaxStreamDuration());
  }

  private static HostRewrite host(
      io.envoyproxy.envoy.config.route.v3.RouteAction from, Problems problems) {
    return switch (from.getHostRewriteSpecifierCase()) {
      case HOSTREWRITESPECIFIER_NOT_SET -> new HostRewrite.Keep();
      case AUTO_HOST_REWRITE ->
          from.getAutoHostRewrite().getValue()
              ? new HostRewrite.OfEndpoint()
              : new HostRewrite.Keep();
      case HOST_REWRITE_LITERAL -> new HostRewrite.To(from.getHostRewriteLiteral());
      default -> {
        problems.add(
            from.getHostRewriteSpecifierCase(), "auto_host_rewrite or host_rewrite_literal");
        yield new HostRewrite.Keep();
      }
    };
  }

  private Optional<Destination> destination(
      io.envoyproxy.envoy.config.route.v3.RouteAction from, Problems problems) {
    Map<String, String> subset =
        Tags.in(from.getMetadataMatch(), Tags.LB, interned, problems.at("metadata_match"));
    return switch (from.getClusterSpecifierCase()) {
      case CLUSTER -> Optional.of(new Destination.ToCluster(from.getCluster(), subset));
      case WEIGHTED_CLUSTERS ->
          split(from.getWeightedClusters(), subset, problems.at("weighted_clusters"));
      default -> {
        problems.add(from.getClusterSpecifierCase(), "cluster or weighted_clusters");
        yield Optional.empty();
      }
    };
  }

  private Optional<Destination> split(
      WeightedCluster from, Map<String, String> subset, Problems problems) {
    List<Destination.Share> shares = new ArrayList<>(from.getClustersCount());
    for (int i = 0; i < from.getClustersCount(); i++) {
      WeightedCluster.ClusterWeight each = from.getClusters(i);
      Problems at = problems.at("clusters", i);
      if (each.getName().isEmpty()) {
        at.at("name").add("empty", "the name of a cluster");
      }
      Map<String, String> tags = new LinkedHashMap<>(subset);
      tags.putAll(Tags.in(each.getMetadataMatch(), Tags.LB, interned, at.at("metadata_match")));
      int weight = Numbers.count(each.hasWeight(), each.getWeight(), 0, at.at("weight"));
      shares.add(
          new Destination.Share(
              new Destination.ToCluster(each.getName(), interned.map(tags)), weight));
    }
    if (shares.stream().mapToLong(Destination.Share::weight).sum() == 0) {
      problems.at("clusters").add("no weight", "a sum of at least 1");
      return Optional.empty();
    }
    return Optional.of(new Destination.Split(shares));
  }
}
