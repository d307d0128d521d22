package io.zoneproxy.core.admin.stats;

import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import java.util.ArrayList;
import java.util.List;

/** One look at a proxy, so that all numbers of a page are of the same listeners and clusters. */
record StatSources(
    ServerInfo info,
    ProxyView.State state,
    List<ListenerStatus> listeners,
    List<ClusterStatus> clusters,
    ServerStats server) {
  static StatSources of(ProxyView view, ServerInfo info) {
    return new StatSources(info, view.state(), view.listeners(), view.clusters(), view.server());
  }

  /** Everything that is measured: the one list that all formats are written from. */
  List<StatGroup<?>> groups() {
    List<StatGroup<?>> groups = new ArrayList<>();
    groups.addAll(ClusterMetrics.groups(clusters));
    groups.addAll(ClusterHealthMetrics.groups(clusters));
    groups.addAll(ListenerMetrics.groups(listeners));
    groups.addAll(ServerMetrics.groups(this));
    return groups;
  }
}
