package io.zoneproxy.core.relay.epoll;

import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
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

/** The same transfers as {@link PumpBenchmark}'s with no proxy between: what the peers cost. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls @Setup first
public class DirectBenchmark { // JMH extends it
  /** How many bytes at a time: 1 KiB, 16 KiB, 1 MiB. */
  @Param({"1024", "16384", "1048576"})
  public int bytes;

  private Loopback peers;
  private ByteBuffer memory;

  /** Connects. */
  @Setup
  public void connect() throws IOException {
    peers = Loopback.connect();
    memory = ByteBuffer.allocateDirect(bytes);
  }

  /** Disconnects. */
  @TearDown
  public void close() throws IOException {
    peers.dialer().close();
    peers.accepted().close();
  }

  /** From one peer to the other. */
  @Benchmark
  public int transfer() throws IOException {
    long address = Buffer.memoryAddress(memory);
    int sent = 0;
    int arrived = 0;
    while (arrived < bytes) {
      if (sent < bytes) {
        sent += peers.dialer().sendAddress(address, 0, bytes - sent);
      }
      arrived += peers.accepted().recvAddress(address, 0, bytes);
    }
    return arrived;
  }
}
