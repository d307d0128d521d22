package io.zoneproxy.cp.ads;

import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Hands on what comes, and counts what becomes of each cluster's endpoints. */
final class CountingSink implements ResourceSink {
  private final ResourceSink sink;
  private final ControlPlaneStats stats;

  CountingSink(ResourceSink sink, ControlPlaneStats stats) {
    this.sink = sink;
    this.stats = stats;
  }

  @Override
  public List<String> onUpdate(
      ResourceType type, List<RawResource> changed, Collection<String> removed) {
    List<String> problems = sink.onUpdate(type, changed, removed);
    if (type == ResourceType.ENDPOINT) {
      NavigableSet<String> sorted = new TreeSet<>(problems);
      for (RawResource resource : changed) {
        stats.onEndpoints(resource.name(), !isRefused(resource.id(), sorted));
      }
      removed.forEach(stats::onEndpointsRemoved);
    }
    return problems;
  }

  /** A problem begins with the resource's id, behind which a field or a value stands. */
  private static boolean isRefused(String id, NavigableSet<String> problems) {
    return !problems.isEmpty() && (isBegin(id + '.', problems) || isBegin(id + ':', problems));
  }

  private static boolean isBegin(String begin, NavigableSet<String> problems) {
    String next = problems.ceiling(begin);
    return next != null && next.startsWith(begin);
  }

  @Override
  public void onComplete() {
    sink.onComplete();
  }
}
