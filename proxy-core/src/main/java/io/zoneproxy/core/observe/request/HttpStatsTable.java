package io.zoneproxy.core.observe.request;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The counters of all chains that speak HTTP. A name's counters live on in an update, and go some
 * time after the last chain that has it: chains hold them, the table does not. Any thread.
 */
public final class HttpStatsTable {
  /** Of all limits together: a control plane gives all of them one name. */
  public final LimitStats limits = new LimitStats();

  private final Map<String, WeakReference<HttpStats>> byName = new HashMap<>();

  /** The counters of a name; new ones when nobody has them. */
  public synchronized HttpStats of(String name) {
    WeakReference<HttpStats> known = byName.get(name);
    HttpStats stats = known == null ? null : known.get();
    if (stats == null) {
      byName.values().removeIf(each -> each.get() == null);
      stats = new HttpStats(name);
      byName.put(name, new WeakReference<>(stats));
    }
    return stats;
  }

  /** All there are, by name. */
  public synchronized List<HttpStats> all() {
    List<HttpStats> all = new ArrayList<>(byName.size());
    for (WeakReference<HttpStats> each : byName.values()) {
      HttpStats stats = each.get();
      if (stats != null) {
        all.add(stats);
      }
    }
    all.sort(Comparator.comparing(HttpStats::name));
    return all;
  }
}
