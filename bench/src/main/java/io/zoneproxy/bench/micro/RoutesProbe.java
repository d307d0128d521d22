package io.zoneproxy.bench.micro;

import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.SniTable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Measures one number of routes in this JVM and prints a line for each figure. */
public final class RoutesProbe {
  static final String COLD = "cold_ms";
  static final String COLD_CPU = "cold_cpu_ms";
  static final String WARM = "warm_ms";
  static final String CHANGE = "change_ms";
  static final String HEAP = "heap_mb";
  static final String MODEL_HEAP = "model_mb";
  static final String HASHED_ONE = "hashed_one_ns";
  static final String HASHED_ALL = "hashed_all_ns";
  static final String BYTES_ONE = "bytes_one_ns";
  static final String BYTES_ALL = "bytes_all_ns";

  private static final double NANOS_A_MILLI = 1e6;
  private static final double BYTES_A_MB = 1e6;
  private static final int WARM_RUNS = 7; // the last ones are compiled; the median is told
  private static final int LOOKUPS = 1_000_000; // 5 to 100 ms a round
  private static final int COLLECTIONS = 3; // the second finds what the first's references held

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final Routes model;
  private FilterChain last = new FilterChain.Refuse("", io.zoneproxy.core.observe.CloseReason.DONE);

  private RoutesProbe(int routes) {
    model = Routes.exact(routes);
  }

  /**
   * Measures.
   *
   * @param args how many routes
   */
  public static void main(String[] args) {
    int routes = Integer.parseInt(args[0]);
    first(routes);
    RoutesProbe probe = new RoutesProbe(routes);
    probe.times();
    probe.lookups();
  }

  /** In a JVM that has done nothing before; what is left is what the proxy holds. */
  private static void first(int routes) {
    double empty = heap();
    try (Serving serving = new Serving()) {
      print(MODEL_HEAP, serveFirst(serving, routes) - empty);
      print(HEAP, heap() - empty);
    }
  }

  /** Nothing but the proxy holds the model when this returns; tells the heap before serving. */
  private static double serveFirst(Serving serving, int routes) {
    Routes model = Routes.exact(routes);
    double before = heap();
    long cpu = THREADS.getCurrentThreadCpuTime();
    print(COLD, millis(() -> serving.apply(model.snapshot())));
    print(COLD_CPU, (THREADS.getCurrentThreadCpuTime() - cpu) / NANOS_A_MILLI);
    return before;
  }

  private void times() {
    List<Double> warm = new ArrayList<>();
    for (int run = 0; run < WARM_RUNS; run++) {
      try (Serving next = new Serving()) {
        warm.add(millis(() -> next.apply(model.snapshot())));
      }
    }
    print(WARM, median(warm));
    try (Serving serving = new Serving()) {
      print(CHANGE, median(changes(serving)));
    }
  }

  private List<Double> changes(Serving serving) {
    Routes moved = model.withOneEndpointMoved();
    serving.apply(model.snapshot());
    List<Double> millis = new ArrayList<>();
    for (int run = 0; run < WARM_RUNS; run++) {
      ProxySnapshot next = (run % 2 == 0 ? moved : model).snapshot();
      millis.add(millis(() -> serving.apply(next)));
    }
    return millis;
  }

  private void lookups() {
    SniTable table = Serving.table(model);
    Names all = new Names(model.serverNames());
    Names one = new Names(model.serverNames().subList(0, 1));
    print(HASHED_ONE, nanos(table, one::hashed));
    print(BYTES_ONE, nanos(table, one::fromBytes));
    print(HASHED_ALL, nanos(table, all::hashed));
    print(BYTES_ALL, nanos(table, all::fromBytes));
  }

  private double nanos(SniTable table, Supplier<String> names) {
    List<Double> rounds = new ArrayList<>();
    for (int round = 0; round < WARM_RUNS; round++) {
      // Of this thread, not of the clock: others on the machine are not in the figure.
      long start = THREADS.getCurrentThreadCpuTime();
      for (int i = 0; i < LOOKUPS; i++) {
        last = table.match(names.get());
      }
      rounds.add((double) (THREADS.getCurrentThreadCpuTime() - start) / LOOKUPS);
    }
    if (last instanceof FilterChain.Refuse) {
      throw new IllegalStateException("no route for a name of the model: " + last);
    }
    return median(rounds);
  }

  private static double millis(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / NANOS_A_MILLI;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  /** What is reachable now, in MB. */
  private static double heap() {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_A_MB;
  }

  private static void print(String figure, double value) {
    System.out.printf(Locale.ROOT, "%s=%.3f%n", figure, value);
  }
}
