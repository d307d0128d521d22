package io.zoneproxy.core.model;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map by name, in parts. A successor shares the parts in which nothing has changed, so
 * that one change among 100,000 costs neither a copy nor a comparison of all.
 *
 * @param <V> values, never null
 */
public final class ShardedMap<V> extends AbstractMap<String, V> {
  /** A change copies one part and the list of parts: with 100,000 names they are alike. */
  private static final int NAMES_IN_PART = 128;

  /** A map that has outgrown its parts by this gets more. */
  private static final int MOST_GROWTH = 4;

  /** Odd, with bits everywhere: names that differ in a digit have hashes that differ little. */
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final Map<String, V>[] parts; // a power of two of them
  private final int size;

  private ShardedMap(Map<String, V>[] parts, int size) {
    this.parts = parts;
    this.size = size;
  }

  /** The same content; the same map when it is one of these. */
  @SuppressWarnings("unchecked") // an immutable map of V is one, whatever else it is
  public static <V> ShardedMap<V> copyOf(Map<String, ? extends V> from) {
    if (from instanceof ShardedMap<?> already) {
      return (ShardedMap<V>) already;
    }
    int wanted = Math.max(1, from.size() / NAMES_IN_PART);
    int count = Integer.highestOneBit(wanted * 2 - 1);
    List<Map<String, V>> open = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      open.add(new HashMap<>());
    }
    from.forEach((name, value) -> open.get(part(name, count)).put(name, value));
    Map<String, V>[] parts = newParts(count);
    Arrays.setAll(parts, i -> Map.copyOf(open.get(i)));
    return new ShardedMap<>(parts, from.size());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  private static <V> Map<String, V>[] newParts(int count) {
    return new Map[count];
  }

  private static int part(Object name, int count) {
    return (int) (((name.hashCode() * MIX) >>> Integer.SIZE) & count - 1);
  }

  /**
   * Its successor.
   *
   * @param put new ones, and new values of known ones
   * @param removed names; those that are not known do not matter
   */
  public ShardedMap<V> with(Map<String, ? extends V> put, Collection<String> removed) {
    if (put.isEmpty() && removed.isEmpty()) {
      return this;
    }
    Map<Integer, Map<String, V>> open = new HashMap<>();
    removed.forEach(name -> open(open, name).remove(name));
    put.forEach((name, value) -> open(open, name).put(name, value));
    Map<String, V>[] changed = parts.clone();
    int count = size;
    for (Map.Entry<Integer, Map<String, V>> each : open.entrySet()) {
      count += each.getValue().size() - parts[each.getKey()].size();
      changed[each.getKey()] = Map.copyOf(each.getValue());
    }
    ShardedMap<V> next = new ShardedMap<>(changed, count);
    boolean tooMany = count > (long) parts.length * NAMES_IN_PART * MOST_GROWTH;
    return tooMany ? copyOf(new HashMap<>(next)) : next;
  }

  private Map<String, V> open(Map<Integer, Map<String, V>> open, String name) {
    return open.computeIfAbsent(part(name, parts.length), i -> new HashMap<>(parts[i]));
  }

  /**
   * What differs between two of them.
   *
   * @param <V> values, never null
   */
  public interface Difference<V> {
    /**
     * Another object under a name, be it equal or not.
     *
     * @param before null when the name is new
     * @param after null when it is gone
     */
    void at(String name, @Nullable V before, @Nullable V after);
  }

  /** Tells every name under which not the same object stands. */
  public void compare(ShardedMap<V> after, Difference<? super V> to) {
    if (parts.length != after.parts.length) {
      compare(this, after, to);
      return;
    }
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] != after.parts[i]) {
        compare(parts[i], after.parts[i], to);
      }
    }
  }

  private static <V> void compare(
      Map<String, V> before, Map<String, V> after, Difference<? super V> to) {
    after.forEach(
        (name, value) -> {
          V known = before.get(name);
          if (known != value) {
            to.at(name, known, value);
          }
        });
    before.forEach(
        (name, value) -> {
          if (!after.containsKey(name)) {
            to.at(name, value, null);
          }
        });
  }

  /** Names that are here and not there. */
  public Set<String> missingIn(ShardedMap<V> after) {
    Set<String> missing = new HashSet<>();
    compare(
        after,
        (name, known, value) -> {
          if (value == null) {
            missing.add(name);
          }
        });
    return missing;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public @Nullable V get(@Nullable Object name) {
    return name == null ? null : parts[part(name, parts.length)].get(name);
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return name != null && parts[part(name, parts.length)].containsKey(name);
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super V> action) {
    for (Map<String, V> part : parts) {
      part.forEach(action);
    }
  }

  @Override
  public Set<Entry<String, V>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, V>> iterator() {
        return Arrays.stream(parts).flatMap(part -> part.entrySet().stream()).iterator();
      }

      @Override
      public int size() {
        return size;
      }
    };
  }
}
