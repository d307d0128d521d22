package io.zoneproxy.egress.demo;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of the requests. Any thread may add and ask. */
final class DemoTally {
  /** A run of days must not collect words without end. */
  private static final int MAX_KINDS = 16;

  private final Map<DemoWorld.Flow, Line> lines = new ConcurrentHashMap<>();

  /** An answer that was right in every point, by this instance. */
  void right(DemoWorld.Flow flow, String instance) {
    line(flow).answered.computeIfAbsent(instance, name -> new LongAdder()).increment();
  }

  /** No answer, or a wrong one. */
  void wrong(DemoWorld.Flow flow, String why) {
    Map<String, LongAdder> failures = line(flow).failures;
    boolean room = failures.containsKey(why) || failures.size() < MAX_KINDS;
    failures.computeIfAbsent(room ? why : "other reasons", name -> new LongAdder()).increment();
  }

  /** Right answers of one instance. */
  long answered(DemoWorld.Flow flow, String instance) {
    LongAdder count = line(flow).answered.get(instance);
    return count == null ? 0 : count.sum();
  }

  /** Right answers of all instances. */
  long answered(DemoWorld.Flow flow) {
    return line(flow).answered.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Requests that got no right answer. */
  long failed(DemoWorld.Flow flow) {
    return line(flow).failures.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Why requests failed and how often each, sorted by the words. */
  Map<String, Long> failures(DemoWorld.Flow flow) {
    Map<String, Long> found = new TreeMap<>();
    line(flow).failures.forEach((why, count) -> found.put(why, count.sum()));
    return found;
  }

  private Line line(DemoWorld.Flow flow) {
    return lines.computeIfAbsent(flow, key -> new Line());
  }

  /** Counters of one flow: answers by instance, failures by their words. */
  private static final class Line {
    private final Map<String, LongAdder> answered = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  }
}
