package io.zoneproxy.core.admin.metric;

import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.request.HttpStats;
import java.util.ArrayList;
import java.util.List;

/** One look at a proxy, so that all numbers of a page are of the same listeners and clusters. */
public record StatSources(
    ServerInfo info,
    ProxyView.State state,
    List<ListenerStatus> listeners,
    List<ClusterStatus> clusters,
    ServerStats server) {
  /**
   * More unused clusters than this show no zeros: a hundred lines of each are ten megabytes here,
   * and a gigabyte of 100,000.
   */
  static final int MOST_IDLE = 1000;

  /** Looks. */
  public static StatSources of(ProxyView view, ServerInfo info) {
    return new StatSources(info, view.state(), view.listeners(), view.clusters(), view.server());
  }

  /**
   * Everything that is measured: the one list that all formats are written from.
   *
   * @param usedOnly leaves out the counters of clusters that no connection used
   */
  public List<StatGroup<?>> groups(boolean usedOnly) {
    List<StatGroup<?>> groups = new ArrayList<>();
    List<ClusterStatus> counted = counted(usedOnly);
    groups.addAll(ClusterMetrics.groups(clusters, counted));
    groups.addAll(RequestMetrics.groups(counted, server.controlPlane));
    groups.addAll(ClusterHealthMetrics.groups(clusters));
    List<HttpStats> http = info.http().all();
    groups.addAll(ListenerMetrics.groups(listeners, http));
    groups.addAll(HttpMetrics.groups(info.http(), http));
    groups.addAll(ConfigMetrics.groups(this));
    groups.addAll(ServerMetrics.groups(this));
    return groups;
  }

  /** Boards want series from the first scrape on, also of clusters that nobody used yet. */
  private List<ClusterStatus> counted(boolean usedOnly) {
    List<ClusterStatus> used = clusters.stream().filter(each -> each.stats() != null).toList();
    boolean all = !usedOnly && clusters.size() - used.size() <= MOST_IDLE;
    return all ? clusters : used;
  }
}
