package io.zoneproxy.cp.fields;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was found in some resources: every field that is set, under its class. One thread. */
public final class FieldReport {
  private final SortedMap<String, String> harmless = new TreeMap<>();
  private final SortedMap<String, String> waiting = new TreeMap<>();
  private final List<String> refused = new ArrayList<>();
  private final SortedSet<String> honoured = new TreeSet<>();

  void honoured(String field) {
    honoured.add(field);
  }

  void harmless(String field, String reason) {
    harmless.put(field, reason);
  }

  void waiting(String field, String reason) {
    waiting.put(field, reason);
  }

  /**
   * Adds what cannot be served.
   *
   * @param problem resource, path, value and what was expected
   */
  public void refused(String problem) {
    refused.add(problem);
  }

  /** Full names of fields that are acted upon, wherever they were set. */
  public Set<String> honoured() {
    return Collections.unmodifiableSet(honoured);
  }

  /** Full names of fields that make no difference, each with the reason. */
  public Map<String, String> harmless() {
    return Collections.unmodifiableMap(harmless);
  }

  /** Full names of fields that nothing acts upon yet, each with what they wait for. */
  public Map<String, String> waiting() {
    return Collections.unmodifiableMap(waiting);
  }

  /** What cannot be served: resource, path, value, what was expected. */
  public List<String> refused() {
    return Collections.unmodifiableList(refused);
  }
}
