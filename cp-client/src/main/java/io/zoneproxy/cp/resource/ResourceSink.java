package io.zoneproxy.cp.resource;

import java.util.Collection;
import java.util.List;

/** Takes what the control plane sends. Called by one thread at a time, which may not block long. */
public interface ResourceSink {
  /**
   * Some resources of a type have changed; all others stay.
   *
   * @param changed new ones, and new versions of known ones
   * @param removed names; those that are not known do not matter
   * @return what cannot be served, each with its resource and field; empty when all can. What is
   *     named there has its last good version in force, all else is applied
   */
  List<String> onUpdate(ResourceType type, List<RawResource> changed, Collection<String> removed);

  /** Everything that there is has come: the first configuration is whole. Said once a stream. */
  void onComplete();
}
