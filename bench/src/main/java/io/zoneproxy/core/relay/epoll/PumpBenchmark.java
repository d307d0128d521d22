package io.zoneproxy.core.relay.epoll;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Bytes through the epoll relay over connected loopback sockets. A peer's sending and the other's
 * receiving are in the figures, for they cannot be left out: {@link DirectBenchmark} is these
 * alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first
public class PumpBenchmark { // JMH extends it
  /** How many bytes at a time: 1 KiB, 16 KiB, 1 MiB. */
  @Param({"1024", "16384", "1048576"})
  public int bytes;

  /** How they are moved. */
  @Param public Way way;

  private Pumping pumping;
  private Runnable step;

  /** Connects. */
  @Setup
  public void connect() throws IOException {
    pumping = new Pumping(way.pipeBytes);
    step = way == Way.SPLICE ? pumping::spliceOnly : pumping::pump;
  }

  /** Disconnects. */
  @TearDown
  public void close() throws IOException {
    pumping.close();
  }

  /** From one peer to the other. */
  @Benchmark
  public int transfer() throws IOException {
    return pumping.transfer(bytes, step);
  }

  /** Ways of moving bytes. */
  public enum Way {
    /** It has no pipe to splice through. */
    COPY(0),
    /** It splices whatever comes. */
    SPLICE(Way.PLENTY),
    /** It chooses, as the proxy does. */
    CHOOSE(Way.PLENTY);

    private static final long PLENTY = 16L * PipePool.LARGE_BYTES;

    private final long pipeBytes;

    Way(long pipeBytes) {
      this.pipeBytes = pipeBytes;
    }
  }
}
