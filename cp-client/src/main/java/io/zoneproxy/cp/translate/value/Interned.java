package io.zoneproxy.cp.translate.value;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives one object for equal ones: 100,000 clusters have a few policies, and their endpoints a few
 * addresses and sets of tags. Forgets those that were not asked for lately. For one thread.
 */
public final class Interned {
  /** Far more than there are different ones among zone proxies' resources, and still a few MB. */
  private static final int MOST = 20_000;

  private final Map<Object, Object> known =
      new LinkedHashMap<>(1024, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
          return size() > MOST;
        }
      };

  /** Knows none yet. */
  public Interned() {}

  /** This one, or an equal one that was given before. */
  @SuppressWarnings("unchecked") // equal records are of one class
  public <T> T one(T value) {
    Object before = known.putIfAbsent(value, value);
    return before == null || !value.getClass().equals(before.getClass()) ? value : (T) before;
  }

  /** A copy that does not change, or an equal one that was given before. */
  @SuppressWarnings("unchecked") // equal to a map of texts, and only such are put in
  public Map<String, String> map(Map<String, String> from) {
    if (from.isEmpty()) {
      return Map.of();
    }
    Object before = known.get(from);
    if (before != null) {
      return (Map<String, String>) before;
    }
    Map<String, String> copy = Map.copyOf(from);
    known.put(copy, copy);
    return copy;
  }
}
