package io.zoneproxy.core.admin.metric;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * One thing that has statistics: a cluster, a listener, the server.
 *
 * @param path its name in the text form, for example {@code cluster.default_backend}
 * @param labels its name in the Prometheus form, for example {@code
 *     envoy_cluster_name="default_backend"}, values escaped; "" for none
 * @param sources where its numbers are; several when several things share a name in statistics
 *     ({@code a:b} and {@code a_b} do): they are added up, as Envoy does, because a series that
 *     stands twice spoils a scrape
 */
public record Subject<T>(String path, String labels, List<T> sources) {
  /** The one subject of a process. */
  static <T> Subject<T> single(String path, T source) {
    return new Subject<>(path, "", List.of(source));
  }

  /**
   * The subjects of one kind, sorted by name.
   *
   * @param scope begins the path, for example {@code cluster}
   * @param label the label's name
   * @param items the things
   * @param name their names in statistics
   */
  static <T> List<Subject<T>> named(
      String scope, String label, Collection<T> items, Function<T, String> name) {
    Map<String, Subject<T>> byName = new TreeMap<>();
    for (T item : items) {
      String itemName = name.apply(item);
      Subject<T> subject =
          new Subject<>(scope + '.' + itemName, label(label, itemName), List.of(item));
      byName.merge(itemName, subject, Subject::plus);
    }
    return List.copyOf(byName.values());
  }

  /** One label, its value escaped as the Prometheus text format wants it. */
  static String label(String name, String value) {
    StringBuilder out = new StringBuilder(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '"' -> out.append("\\\"");
        case '\n' -> out.append("\\n");
        default -> out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /** Labels of two kinds as one text; either may be "". */
  public static String joined(String labels, String more) {
    return labels.isEmpty() || more.isEmpty() ? labels + more : labels + ',' + more;
  }

  private Subject<T> plus(Subject<T> other) {
    List<T> both = new ArrayList<>(sources);
    both.addAll(other.sources);
    return new Subject<>(path, labels, both);
  }
}
