package io.zoneproxy.cp.ads;

import io.zoneproxy.cp.resource.ResourceType;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which refusals are news. A control plane sends the same bad resource with every change, in turn
 * with those of other types: each type has its own last one, until it is taken whole. For one
 * thread.
 */
final class RefusalLog {
  private final Map<ResourceType, String> last = new EnumMap<>(ResourceType.class);

  /**
   * A response of a type has been answered.
   *
   * @param problems "" when it was taken whole
   * @return whether that is to be said
   */
  boolean isNews(ResourceType type, String problems) {
    if (problems.isEmpty()) {
      last.remove(type);
      return false;
    }
    return !problems.equals(last.put(type, problems));
  }
}
