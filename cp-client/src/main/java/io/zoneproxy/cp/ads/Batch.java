package io.zoneproxy.cp.ads;

import com.google.protobuf.Any;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The resources of one response: those that can be read, and what is wrong with the others. */
public final class Batch {
  private static final int MOST_NAME = 200; // characters of a wrong one that are shown

  private final ResourceType type;
  private final Map<String, RawResource> good = new LinkedHashMap<>();
  private final Set<String> bad = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private boolean nameless;

  /** An empty one. */
  public Batch(ResourceType type) {
    this.type = type;
  }

  /** One that is named by its message only, as in SotW. */
  public void add(String version, Any any) {
    try {
      requireType(any);
      put(RawResource.of(type, version, any.getValue()));
    } catch (IOException e) {
      nameless = true;
      problems.add("%s: %s".formatted(type.label(), e.getMessage()));
    }
  }

  /** One that is named beside its message, as in delta. */
  void add(String name, String version, Any any) {
    RawResource resource = new RawResource(type, name, version, any.getValue());
    try {
      requireType(any);
      String inside = RawResource.of(type, version, any.getValue()).name();
      if (inside.equals(name)) {
        put(resource);
      } else {
        refuse(resource, "its message says %s (expected: the same name)".formatted(shown(inside)));
      }
    } catch (IOException e) {
      refuse(resource, String.valueOf(e.getMessage()));
    }
  }

  private static String shown(String name) {
    return name.length() <= MOST_NAME ? name : name.substring(0, MOST_NAME) + "…";
  }

  private void requireType(Any any) throws IOException {
    String given = any.getTypeUrl();
    if (!given.equals(type.typeUrl())) {
      throw new IOException(
          "type %s (expected: %s)".formatted(given.isEmpty() ? "none" : given, type.typeUrl()));
    }
  }

  private void put(RawResource resource) {
    RawResource before = good.get(resource.name());
    if (before != null && !before.bytes().equals(resource.bytes())) {
      refuse(resource, "twice in one response, and not the same (expected: once)");
    } else if (!bad.contains(resource.name())) {
      good.put(resource.name(), resource);
    }
  }

  private void refuse(RawResource resource, String why) {
    good.remove(resource.name());
    if (bad.add(resource.name())) {
      problems.add(resource.id() + ": " + why);
    }
  }

  /** Those that can be read, by name, in their order. */
  public Map<String, RawResource> good() {
    return good;
  }

  /** What is wrong with the others, a line each. */
  public List<String> problems() {
    return problems;
  }

  /**
   * Which of the known ones a response that holds everything leaves out; none if that is unsure.
   */
  Set<String> missing(Set<String> known) {
    if (nameless) {
      return Set.of(); // a bad one may be any of them, whose last good version stays
    }
    Set<String> missing = new HashSet<>(known);
    missing.removeAll(good.keySet());
    missing.removeAll(bad);
    return missing;
  }

  /** Names that are said to be gone, without those that are here. */
  Set<String> removed(List<String> named) {
    Set<String> removed = new HashSet<>(named);
    removed.removeAll(good.keySet());
    removed.removeAll(bad);
    return removed;
  }
}
