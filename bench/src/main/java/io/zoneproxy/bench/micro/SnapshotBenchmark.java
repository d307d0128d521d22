package io.zoneproxy.bench.micro;

import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.route.SniTable;
import io.zoneproxy.core.upstream.Cluster;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** From the model to a proxy that serves it, and from one configuration to the next. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first
public class SnapshotBenchmark { // JMH extends it
  /** How many routes. */
  @Param("100000")
  public int routes;

  private Routes model;
  private Map<String, Cluster> clusters;
  private ProxySnapshot[] versions;
  private int version;

  /** Makes the model, and one that differs from it in one endpoint. */
  @Setup
  public void model() {
    model = Routes.exact(routes);
    clusters = Serving.clusters(model);
    versions = new ProxySnapshot[] {model.snapshot(), model.withOneEndpointMoved().snapshot()};
  }

  /** From chains and clusters to a snapshot: copies, and every chain's cluster is looked for. */
  @Benchmark
  public ProxySnapshot snapshot() {
    return model.snapshot();
  }

  /** From chains to a table, with the clusters there already. */
  @Benchmark
  public SniTable table() {
    return Serving.table(model, clusters);
  }

  /** A proxy that has no configuration yet gets the whole. */
  @Benchmark
  public void firstApply(Fresh proxy) {
    proxy.serving.apply(versions[0]);
  }

  /** A proxy gets the whole again, one endpoint of one cluster being another one. */
  @Benchmark
  public void applyOneChange(Lasting proxy) {
    version ^= 1;
    proxy.serving.apply(versions[version]);
  }

  /** A proxy for one call; starting and ending it is not in the figure. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls @Setup first
  public static class Fresh { // JMH extends it
    private Serving serving;

    /** Starts it. */
    @Setup(Level.Invocation)
    public void start() {
      serving = new Serving();
    }

    /** Ends it. */
    @TearDown(Level.Invocation)
    public void stop() {
      serving.close();
    }
  }

  /** A proxy for all calls. */
  @State(Scope.Thread)
  @SuppressWarnings("NullAway.Init") // JMH calls @Setup first
  public static class Lasting { // JMH extends it
    private Serving serving;

    /** Starts it. */
    @Setup
    public void start() {
      serving = new Serving();
    }

    /** Ends it. */
    @TearDown
    public void stop() {
      serving.close();
    }
  }
}
