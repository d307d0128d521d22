package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.Unpooled;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.Buffer;
import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.Admission;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HeldHello;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.SniTable;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.NameTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One way of a relayed connection with both its peers, all in the thread that makes it: it is the
 * event loop, too, so nothing waits for another thread and the figures are steady.
 */
final class Pumping implements AutoCloseable {
  private static final int MEMORY_BYTES = 1024 * 1024; // the longest transfer at a time
  private static final int MOST_ROUNDS = 100_000; // 1 MiB takes some ten

  private final ManualIoEventLoop loop =
      new ManualIoEventLoop(Thread.currentThread(), EpollIoHandler.newFactory());
  private final ByteBuffer memory = ByteBuffer.allocateDirect(MEMORY_BYTES);
  private final long address = Buffer.memoryAddress(memory);
  private final LinuxSocket sender;
  private final LinuxSocket receiver;
  private final Half source;
  private final Half sink;
  private final PipePool pipes;
  private final Direction direction;
  private @Nullable KernelPipe pending; // of spliceOnly: with bytes

  /**
   * @param pipeBytes how much memory its pipes may have; 0: it copies always
   */
  Pumping(long pipeBytes) throws IOException {
    PipeSize size = PipeSize.load();
    pipes = new PipePool(loop, new PipeQuota(pipeBytes), () -> size);
    RelayLoop shared = new RelayLoop(loop, pipes, () -> {});
    Loopback downstream = Loopback.connect();
    Loopback upstream = Loopback.connect();
    sender = downstream.dialer();
    receiver = upstream.accepted();
    EpollConnection connection =
        new EpollConnection(context(), shared, downstream.accepted(), sender.localAddress());
    source = connection.downstream();
    sink = new Half(upstream.dialer(), Side.UPSTREAM, connection);
    direction = new Direction(shared, source, sink, new Relaying(connection, dialing(connection)));
    source.register(shared);
    sink.register(shared);
    loop.runNow();
  }

  /** Of a listener that is not there; its counters count. */
  private static ListenerContext context() {
    return new ListenerContext(
        "bench",
        () -> SniTable.EMPTY,
        () -> {
          throw new IllegalStateException("nothing is peeked at");
        },
        HelloLimits.DEFAULT,
        RelayConfig.DEFAULT,
        new Admission(ConnectionLimits.of(1), new AtomicInteger()),
        new LiveConnections(),
        new ListenerStats("bench"),
        new ServerStats(),
        ConnectionObserver.NONE);
  }

  /** What a relay comes from; the first byte closes it. */
  private static Dialing dialing(EpollConnection connection) {
    NameTable names =
        new NameTable(
            host -> {
              throw new IllegalStateException(host + ": nothing is dialed");
            });
    Cluster cluster =
        new Cluster(new ClusterSpec("bench", List.of(), ClusterPolicy.DEFAULT), names);
    HeldHello hello = new HeldHello(Unpooled.buffer(1), 0);
    return new Dialing(
        connection, new FilterChain.Passthrough("", cluster.picker(Map.of())), hello);
  }

  /** An epoll round and a pump, as the relay does; it splices when it finds that worth it. */
  void pump() {
    loop.runNow();
    direction.pump();
  }

  /** An epoll round, and splicing whatever comes. */
  void spliceOnly() {
    loop.runNow();
    boolean moved = true;
    while (moved && sink.writable()) {
      KernelPipe pipe = pending != null ? pending : filled();
      moved = pipe != null;
      if (pipe != null) {
        pipe.took(sink.spliceFrom(pipe));
        pending = pipe.bytes() > 0 ? pipe : null;
        if (pending == null) {
          pipes.giveBack(pipe);
        }
      }
    }
  }

  private @Nullable KernelPipe filled() {
    KernelPipe pipe = source.readable() ? pipes.borrow() : null;
    if (pipe != null) {
      pipe.put(source.spliceTo(pipe));
      if (pipe.bytes() == 0) {
        pipes.giveBack(pipe);
        return null;
      }
    }
    return pipe;
  }

  /**
   * Sends so many bytes in at one end and takes them out at the other.
   *
   * @param bytes 1 to 1 MiB
   * @param step moves bytes between
   * @return bytes that arrived: as many
   */
  int transfer(int bytes, Runnable step) throws IOException {
    int sent = 0;
    int arrived = 0;
    for (int round = 0; arrived < bytes && round < MOST_ROUNDS; round++) {
      if (sent < bytes) {
        sent += sender.sendAddress(address, 0, bytes - sent);
      }
      step.run();
      arrived += Math.max(0, receiver.recvAddress(address, 0, MEMORY_BYTES));
    }
    if (arrived != bytes) {
      throw new IOException(arrived + " bytes arrived (expected: " + bytes + ")");
    }
    return arrived;
  }

  /** One epoll round that brings one event; the byte that made it is taken away. */
  int event() throws IOException {
    sender.sendAddress(address, 0, 1);
    loop.runNow();
    return source.receive(address, MEMORY_BYTES);
  }

  /** The same bytes, but epoll is not asked. */
  int noEvent() throws IOException {
    sender.sendAddress(address, 0, 1);
    return source.receive(address, MEMORY_BYTES);
  }

  /** Borrows a pipe and gives it back; returns its size. */
  int borrow() {
    KernelPipe pipe = pipes.borrow();
    if (pipe == null) {
      return 0;
    }
    pipes.giveBack(pipe);
    return pipe.capacity();
  }

  @Override
  public void close() throws IOException {
    direction.close();
    if (pending != null) {
      pipes.discard(pending);
    }
    source.close(End.RESET);
    sink.close(End.RESET);
    sender.close();
    receiver.close();
    pipes.close();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    while (!loop.isTerminated()) {
      loop.runNow();
    }
  }
}
