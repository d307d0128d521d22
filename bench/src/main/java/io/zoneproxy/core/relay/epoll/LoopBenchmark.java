package io.zoneproxy.core.relay.epoll;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the epoll relay's connections share: the pool of pipes, and Netty's event loop. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first
public class LoopBenchmark { // JMH extends it
  private Pumping pumping;

  /** Connects. */
  @Setup
  public void connect() throws IOException {
    pumping = new Pumping(PipePool.LARGE_BYTES);
  }

  /** Disconnects. */
  @TearDown
  public void close() throws IOException {
    pumping.close();
  }

  /** A pipe is borrowed and given back. */
  @Benchmark
  public int pipe() {
    return pumping.borrow();
  }

  /** A byte comes, epoll is asked, the handle is told, the byte is read. */
  @Benchmark
  public int event() throws IOException {
    return pumping.event();
  }

  /** A byte comes and is read: what {@link #event} has beyond this is epoll and the dispatch. */
  @Benchmark
  public int withoutEvent() throws IOException {
    return pumping.noEvent();
  }
}
