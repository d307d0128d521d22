package io.zoneproxy.cp.translate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Collects what is wrong with one resource: all of it, so that one NACK tells the operator
 * everything. A view of it knows at which field the translation stands. For one thread.
 */
final class Problems {
  private final String path;
  private final List<String> all;

  private Problems(String path, List<String> all) {
    this.path = path;
    this.all = all;
  }

  /** None yet, of the resource of this type and name. */
  static Problems of(String type, String name) {
    return new Problems(type + "/" + name, new ArrayList<>());
  }

  /** The same at a field of where this stands. */
  Problems at(String field) {
    return new Problems(path + "." + field, all);
  }

  /** The same at an element of a field. */
  Problems at(String field, int index) {
    return new Problems(path + "." + field + "[" + index + "]", all);
  }

  /** Something is wrong here. */
  void add(Object value, String expected) {
    all.add("%s: %s (expected: %s)".formatted(path, value, expected));
  }

  /** Whether there is any. */
  boolean any() {
    return !all.isEmpty();
  }

  /** All there are, each with resource, field, value and what was expected. */
  List<String> all() {
    return Collections.unmodifiableList(all);
  }
}
