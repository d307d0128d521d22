package io.zoneproxy.cp.resource;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The resources in force, as they came. Changed by one thread, read by any.
 *
 * <p>What was refused is not here: its last good version is, if it ever had one.
 */
public final class ResourceStore {
  private final Map<ResourceType, Map<String, RawResource>> accepted =
      new EnumMap<>(ResourceType.class);

  /** Empty. */
  public ResourceStore() {
    for (ResourceType type : ResourceType.values()) {
      accepted.put(type, new ConcurrentHashMap<>());
    }
  }

  private Map<String, RawResource> of(ResourceType type) {
    return accepted.getOrDefault(type, Map.of());
  }

  /** Puts a resource in force, in place of that of the same name. */
  public void put(RawResource resource) {
    of(resource.type()).put(resource.name(), resource);
  }

  /** Takes resources out; unknown names do not matter. */
  public void remove(ResourceType type, Collection<String> names) {
    names.forEach(of(type)::remove);
  }

  /** The one of this name, if it is in force. */
  public Optional<RawResource> find(ResourceType type, String name) {
    return Optional.ofNullable(of(type).get(name));
  }

  /** All of a type, by name, in the order of the names; a copy. */
  public Map<String, RawResource> all(ResourceType type) {
    return new TreeMap<>(of(type));
  }

  /** How many of a type. */
  public int count(ResourceType type) {
    return of(type).size();
  }

  /** The version of each resource of a type. */
  public Map<String, String> versions(ResourceType type) {
    Map<String, String> versions = new HashMap<>();
    of(type).forEach((name, resource) -> versions.put(name, resource.version()));
    return versions;
  }
}
