package io.zoneproxy.bench.micro;

import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.SniTable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a server name to its chain. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first
public class TableBenchmark { // JMH extends it
  /** How many routes the table has. */
  @Param({"10", "1000", "100000"})
  public int routes;

  /** Which of them are asked for; with ALL, memory that is in no cache is in the figure. */
  @Param public Asked asked;

  private SniTable table;
  private SniTable suffixes;
  private Names exact;
  private Names ends;
  private Names unknown;

  /** Builds the tables. */
  @Setup
  public void build() {
    Routes byName = Routes.exact(routes);
    Routes byEnd = Routes.wildcards(routes);
    table = Serving.table(byName);
    suffixes = Serving.table(byEnd);
    exact = new Names(asked.of(byName.serverNames()));
    ends =
        new Names(asked.of(byEnd.serverNames()).stream().map(n -> "a" + n.substring(1)).toList());
    unknown =
        new Names(
            asked.of(byName.serverNames()).stream().map(n -> n.replace("mesh", "none")).toList());
  }

  /** No lookup: what the names alone cost the figures of the others from bytes. */
  @Benchmark
  public int namesFromBytes() {
    return exact.fromBytes().hashCode();
  }

  /** The string's hash is known. */
  @Benchmark
  public FilterChain exactHashed() {
    return table.match(exact.hashed());
  }

  /** The string is new, as the parser makes it. */
  @Benchmark
  public FilterChain exactFromBytes() {
    return table.match(exact.fromBytes());
  }

  /** A wildcard takes it, which is found at the first dot. */
  @Benchmark
  public FilterChain suffixFromBytes() {
    return suffixes.match(ends.fromBytes());
  }

  /** Nothing takes it. */
  @Benchmark
  public FilterChain missFromBytes() {
    return table.match(unknown.fromBytes());
  }

  /** Which names are asked for. */
  public enum Asked {
    /** The same again and again: everything is in the processor's cache. */
    ONE,
    /** All of them, in no order. */
    ALL;

    List<String> of(List<String> names) {
      return this == ONE ? names.subList(names.size() / 2, names.size() / 2 + 1) : names;
    }
  }
}
