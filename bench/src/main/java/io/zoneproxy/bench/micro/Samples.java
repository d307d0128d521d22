package io.zoneproxy.bench.micro;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures of several runs, by name. For one thread. */
final class Samples {
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  /** Adds one run: a line {@code name=number} for each figure. */
  void add(String lines) {
    for (String line : lines.lines().toList()) {
      int equals = line.indexOf('=');
      double value = Double.parseDouble(line.substring(equals + 1));
      values.computeIfAbsent(line.substring(0, equals), n -> new ArrayList<>()).add(value);
    }
  }

  /** The middle one; of an even number, the greater of the two. */
  double median(String name) {
    List<Double> sorted = sorted(name);
    return sorted.get(sorted.size() / 2);
  }

  double least(String name) {
    return sorted(name).get(0);
  }

  double greatest(String name) {
    List<Double> sorted = sorted(name);
    return sorted.get(sorted.size() - 1);
  }

  private List<Double> sorted(String name) {
    List<Double> found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException(name + ": not measured (measured: " + values + ")");
    }
    List<Double> sorted = new ArrayList<>(found);
    Collections.sort(sorted);
    return sorted;
  }
}
