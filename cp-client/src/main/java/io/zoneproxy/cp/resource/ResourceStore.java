package io.zoneproxy.cp.resource;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The resources in force, as they came, and those that were refused. Changed by one thread, read by
 * any.
 *
 * <p>What was refused is not in force: its last good version is, if it ever had one.
 */
public final class ResourceStore {
  private final Clock clock;
  private final Map<ResourceType, Map<String, Held>> accepted = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, Map<String, Refused>> refused = new EnumMap<>(ResourceType.class);

  /** Empty. */
  public ResourceStore() {
    this(Clock.systemUTC());
  }

  /** Empty, with a clock of its own. */
  ResourceStore(Clock clock) {
    this.clock = clock;
    for (ResourceType type : ResourceType.values()) {
      accepted.put(type, new ConcurrentHashMap<>());
      refused.put(type, new ConcurrentHashMap<>());
    }
  }

  private Map<String, Held> of(ResourceType type) {
    return accepted.getOrDefault(type, Map.of());
  }

  private Map<String, Refused> refusedOf(ResourceType type) {
    return refused.getOrDefault(type, Map.of());
  }

  /** Puts a resource in force, in place of that of the same name. */
  public void put(RawResource resource) {
    of(resource.type()).put(resource.name(), new Held(resource, clock.instant()));
    refusedOf(resource.type()).remove(resource.name());
  }

  /** Notes that this one cannot be served, and why; what was in force of its name stays. */
  public void refuse(RawResource resource, String why) {
    refusedOf(resource.type()).put(resource.name(), new Refused(resource, clock.instant(), why));
  }

  /** Takes resources out; unknown names do not matter. */
  public void remove(ResourceType type, Collection<String> names) {
    names.forEach(of(type)::remove);
    names.forEach(refusedOf(type)::remove);
  }

  /** All of a type, by name, in the order of the names; a copy. */
  public Map<String, RawResource> all(ResourceType type) {
    Map<String, RawResource> all = new TreeMap<>();
    of(type).forEach((name, held) -> all.put(name, held.resource()));
    return all;
  }

  /**
   * Every one of a type, in no order, as it is when its turn comes: no copy is made of what may be
   * 100,000 resources.
   */
  public Iterable<RawResource> each(ResourceType type) {
    return () -> of(type).values().stream().map(Held::resource).iterator();
  }

  /** All of a type with when they came, in the order of the names; a copy. */
  public List<Held> held(ResourceType type) {
    return List.copyOf(new TreeMap<>(of(type)).values());
  }

  /** Those of a type that were refused, in the order of the names; a copy. */
  public List<Refused> refused(ResourceType type) {
    return List.copyOf(new TreeMap<>(refusedOf(type)).values());
  }

  /** Whether nothing is in force. */
  public boolean isEmpty() {
    return accepted.values().stream().allMatch(Map::isEmpty);
  }

  /** The one of this name, if it is in force. */
  public Optional<RawResource> find(ResourceType type, String name) {
    return Optional.ofNullable(of(type).get(name)).map(Held::resource);
  }

  /** The version of each resource of a type. */
  public Map<String, String> versions(ResourceType type) {
    Map<String, String> versions = new HashMap<>();
    of(type).forEach((name, held) -> versions.put(name, held.resource().version()));
    return versions;
  }

  /**
   * A resource in force.
   *
   * @param at when it came
   */
  public record Held(RawResource resource, Instant at) {}

  /**
   * A resource that cannot be served.
   *
   * @param at when it came
   * @param why every problem in it
   */
  public record Refused(RawResource resource, Instant at, String why) {}
}
