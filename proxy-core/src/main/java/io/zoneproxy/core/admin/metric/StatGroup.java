package io.zoneproxy.core.admin.metric;

import java.util.List;

/**
 * Subjects of one kind with all that is measured on them. Every format walks the same groups:
 * Prometheus metric by metric, because it wants each name in one block, the others subject by
 * subject.
 *
 * @param prefix begins the Prometheus name, for example {@code envoy_cluster_}
 * @param metrics its numbers
 * @param timings its distributions
 * @param subjects in the order to write them
 */
public record StatGroup<T>(
    String prefix, List<Metric<T>> metrics, List<Timing<T>> timings, List<Subject<T>> subjects) {
  /** A group without distributions. */
  StatGroup(String prefix, List<Metric<T>> metrics, List<Subject<T>> subjects) {
    this(prefix, metrics, List.of(), subjects);
  }

  /** A group about the one subject of a process. */
  static <T> StatGroup<T> single(String prefix, String path, List<Metric<T>> metrics, T source) {
    return new StatGroup<>(prefix, metrics, List.of(Subject.single(path, source)));
  }

  /** The Prometheus name of one of its stats. */
  public String prometheusName(String stat) {
    return prefix + stat.replace('.', '_');
  }
}
