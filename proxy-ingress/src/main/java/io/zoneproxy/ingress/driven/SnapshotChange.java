package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What an update has changed, in one line for the log. */
final class SnapshotChange {
  /** Names of each kind that are shown; the others are counted. */
  private static final int MOST_SHOWN = 3;

  private final StringBuilder text = new StringBuilder();

  private SnapshotChange() {}

  /** The line; "" when nothing has changed that has a name. */
  static String describe(ProxySnapshot before, ProxySnapshot after) {
    SnapshotChange change = new SnapshotChange();
    change.compare("listener", byName(before), byName(after));
    change.compare("chain", chains(before, after), chains(after, before));
    change.compareClusters(before, after);
    change.compare("secret", before.secrets(), after.secrets());
    return change.text.toString();
  }

  /** Without their chains, which are compared by themselves. */
  private static Map<String, Object> byName(ProxySnapshot snapshot) {
    Map<String, Object> listeners = new HashMap<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      listeners.put(listener.name(), listener.address());
    }
    return listeners;
  }

  /** Most of those that are the same in the other snapshot are left out. */
  private static Map<String, Object> chains(ProxySnapshot snapshot, ProxySnapshot beside) {
    Map<String, ListenerSpec> others = new HashMap<>();
    beside.listeners().forEach(listener -> others.put(listener.name(), listener));
    Map<String, Object> chains = new HashMap<>();
    for (ListenerSpec listener : snapshot.listeners()) {
      ListenerSpec known = others.get(listener.name());
      for (ChainSpec chain : known == null ? listener.chains() : listener.chainsNotIn(known)) {
        String name = chain.serverName().isEmpty() ? listener.name() : chain.serverName();
        chains.merge(name, chain, (one, other) -> List.of(one, other));
      }
    }
    return chains;
  }

  private void compareClusters(ProxySnapshot before, ProxySnapshot after) {
    Names names = new Names();
    before.clusters().compare(after.clusters(), names::sort);
    tell("cluster", names);
  }

  private <K, V> void compare(String kind, Map<K, V> before, Map<K, V> after) {
    Names names = new Names();
    after.forEach((name, now) -> names.sort(name.toString(), before.get(name), now));
    before.forEach(
        (name, old) -> {
          if (!after.containsKey(name)) {
            names.sort(name.toString(), old, null);
          }
        });
    tell(kind, names);
  }

  /** Of one kind, by what has become of them. */
  private static final class Names {
    final List<String> added = new ArrayList<>();
    final List<String> changed = new ArrayList<>();
    final List<String> removed = new ArrayList<>();

    void sort(String name, @Nullable Object old, @Nullable Object now) {
      if (old == null) {
        added.add(name);
      } else if (now == null) {
        removed.add(name);
      } else if (old != now && !old.equals(now)) {
        changed.add(name);
      }
    }
  }

  /** The first ones in their order; there may be 100,000. */
  private static List<String> first(List<String> names) {
    TreeSet<String> first = new TreeSet<>();
    for (String name : names) {
      if (first.size() < MOST_SHOWN) {
        first.add(name);
      } else if (name.compareTo(first.last()) < 0 && first.add(name)) {
        first.pollLast();
      }
    }
    return List.copyOf(first);
  }

  private void tell(String kind, Names names) {
    tell(kind, "added", names.added);
    tell(kind, "changed", names.changed);
    tell(kind, "removed", names.removed);
  }

  private void tell(String kind, String what, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    text.append(text.isEmpty() ? "" : "; ");
    text.append(names.size()).append(' ').append(kind).append(names.size() == 1 ? " " : "s ");
    text.append(what).append(": ");
    text.append(String.join(", ", first(names)));
    text.append(names.size() > MOST_SHOWN ? ", …" : "");
  }
}
