package io.zoneproxy.cp.ads;

import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
      Set<String> refused = refused(changed, problems);
      for (RawResource resource : changed) {
        stats.onEndpoints(resource.name(), !refused.contains(resource.id()));
      }
      removed.forEach(stats::onEndpointsRemoved);
    }
    return problems;
  }

  /** A problem begins with the resource's id, behind which a field or a value stands. */
  private static Set<String> refused(List<RawResource> changed, List<String> problems) {
    Set<String> refused = new HashSet<>();
    if (!problems.isEmpty()) {
      Set<String> ids = new HashSet<>();
      changed.forEach(resource -> ids.add(resource.id()));
      problems.forEach(problem -> refused.add(begin(problem, ids)));
    }
    return refused;
  }

  /** The longest of the ids, for names hold the same signs as paths; "" when it is none. */
  private static String begin(String problem, Set<String> ids) {
    for (int end = problem.length() - 1; end > 0; end--) {
      char sign = problem.charAt(end);
      if ((sign == '.' || sign == ':') && ids.contains(problem.substring(0, end))) {
        return problem.substring(0, end);
      }
    }
    return "";
  }

  @Override
  public void onComplete() {
    sink.onComplete();
  }
}
