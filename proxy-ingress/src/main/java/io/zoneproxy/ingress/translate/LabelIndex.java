package io.zoneproxy.ingress.translate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what carries given labels (or tags) without looking at everything: thousands of services
 * times tens of thousands of data planes would take seconds otherwise.
 */
final class LabelIndex<T> {
  private final Map<Map.Entry<String, String>, List<Labelled<T>>> byLabel = new HashMap<>();

  /** Adds one, to be found by any of its labels. */
  void add(Map<String, String> labels, T value) {
    Labelled<T> labelled = new Labelled<>(labels, value);
    for (Map.Entry<String, String> label : labels.entrySet()) {
      byLabel
          .computeIfAbsent(Map.entry(label.getKey(), label.getValue()), key -> new ArrayList<>())
          .add(labelled);
    }
  }

  /** Those that carry all of these labels, in the order added; none for an empty selector. */
  List<T> find(Map<String, String> selector) {
    List<Labelled<T>> fewest = List.of();
    for (Map.Entry<String, String> label : selector.entrySet()) {
      List<Labelled<T>> carriers =
          byLabel.getOrDefault(Map.entry(label.getKey(), label.getValue()), List.of());
      if (carriers.isEmpty()) {
        return List.of();
      }
      fewest = fewest.isEmpty() || carriers.size() < fewest.size() ? carriers : fewest;
    }
    List<T> found = new ArrayList<>();
    for (Labelled<T> carrier : fewest) {
      if (carrier.labels().entrySet().containsAll(selector.entrySet())) {
        found.add(carrier.value());
      }
    }
    return found;
  }

  private record Labelled<T>(Map<String, String> labels, T value) {}
}
