package io.zoneproxy.cp.ads;

import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes everything but what it was told to refuse. */
final class RecordingSink implements ResourceSink {
  final ResourceStore store = new ResourceStore();
  final AtomicInteger completions = new AtomicInteger();
  final Set<String> refused = ConcurrentHashMap.newKeySet();

  @Override
  public List<String> onUpdate(
      ResourceType type, List<RawResource> changed, Collection<String> removed) {
    List<String> problems = new ArrayList<>();
    for (RawResource resource : changed) {
      if (refused.contains(resource.name())) {
        problems.add(resource.id() + ".lbPolicy: 7 (expected: another)");
      } else {
        store.put(resource);
      }
    }
    store.remove(type, removed);
    return problems;
  }

  @Override
  public void onComplete() {
    completions.incrementAndGet();
  }
}
