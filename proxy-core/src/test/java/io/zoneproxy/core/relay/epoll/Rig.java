package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.zoneproxy.core.config.ConnectionLimits;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.model.Specs;
import io.zoneproxy.core.observe.ConnectionRecord;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.Admission;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.HeldHello;
import io.zoneproxy.core.relay.LinePeek;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.relay.Side;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.SniTable;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.NameTable;
import io.zoneproxy.core.upstream.Picker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The inner parts of one connection between real sockets, without a running event loop: the test
 * says what is ready, and everything happens on its thread. The pool of pipes has a clock that
 * stands still.
 */
final class Rig implements AutoCloseable {
  static final EpollIoOps IN = EpollIoOps.EPOLLIN;
  static final EpollIoOps OUT = EpollIoOps.EPOLLOUT;
  static final EpollIoOps RDHUP = EpollIoOps.EPOLLRDHUP;

  final ListenerStats stats = new ListenerStats("inbound:rig");
  final List<ConnectionRecord> closed = new CopyOnWriteArrayList<>();
  final PipeQuota quota;
  final PipePool pipes;
  final RelayLoop shared;
  final Half downstream;
  final Half upstream;
  final LinuxSocket downstreamSocket;
  final LinuxSocket upstreamSocket;
  final SocketChannel client;
  final SocketChannel service;
  final EpollConnection connection;
  final Relaying relaying;
  final Direction up;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EmbeddedChannel clock = new EmbeddedChannel();
  private final Dialing dialing;

  Rig(long quotaBytes) throws IOException {
    this(quotaBytes, 0);
  }

  /**
   * @param sendBuffer of the socket towards the service; 0 = the kernel's choice
   */
  Rig(long quotaBytes, int sendBuffer) throws IOException {
    clock.freezeTime();
    quota = new PipeQuota(quotaBytes);
    pipes = new PipePool(clock.eventLoop(), quota, () -> PipeSize.FIXED);
    shared = new RelayLoop((IoEventLoop) group.next(), pipes, () -> {});
    downstreamSocket = LinuxSocket.newSocketStream();
    upstreamSocket = LinuxSocket.newSocketStream();
    if (sendBuffer > 0) {
      upstreamSocket.setSendBufferSize(sendBuffer);
    }
    client = peer(downstreamSocket, 0);
    service = peer(upstreamSocket, sendBuffer);
    InetSocketAddress from = (InetSocketAddress) client.getLocalAddress();
    connection = new EpollConnection(context(), shared, downstreamSocket, from);
    shared.join();
    downstream = connection.downstream();
    upstream = new Half(upstreamSocket, Side.UPSTREAM, connection);
    HeldHello hello = new HeldHello(Unpooled.directBuffer(1), 0);
    dialing = new Dialing(connection, new FilterChain.Passthrough("", picker()), hello);
    relaying = new Relaying(connection, dialing);
    up = new Direction(shared, downstream, upstream, relaying);
  }

  /** What is needed of a listener; nothing is routed. */
  ListenerContext context() {
    return new ListenerContext(
        "inbound:rig",
        () -> SniTable.EMPTY,
        LinePeek::new,
        HelloLimits.DEFAULT,
        RelayConfig.DEFAULT,
        new Admission(ConnectionLimits.of(10), new AtomicInteger()),
        new LiveConnections(),
        stats,
        new ServerStats(),
        closed::add);
  }

  private static Picker picker() {
    NameTable names =
        new NameTable(
            name ->
                ImmediateEventExecutor.INSTANCE.newFailedFuture(new UnknownHostException(name)));
    return new Cluster(Specs.cluster("c", List.of()), names).picker(Map.of());
  }

  /** Connects our socket; the other end is the test's. */
  static SocketChannel peer(LinuxSocket ours, int receiveBuffer) throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      if (receiveBuffer > 0) {
        server.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
      }
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      ours.connect(server.getLocalAddress());
      SocketChannel peer = server.accept();
      while (!ours.finishConnect()) {
        Thread.onSpinWait();
      }
      return peer;
    }
  }

  /** Says what epoll would. */
  @SuppressWarnings("NullAway") // who registered it is not asked
  static void ready(Half half, EpollIoOps... ops) {
    int all = 0;
    for (EpollIoOps each : ops) {
      all |= each.value();
    }
    EpollIoOps together = EpollIoOps.valueOf(all);
    half.handle(null, (EpollIoEvent) () -> together);
  }

  /**
   * Bytes that went from the client to the service, or are held. (Relaying, which was not started,
   * knows of no upward direction, and counts them as downward.)
   */
  long moved() {
    return stats.txBytes.sum();
  }

  /** Lets the pool's time pass. */
  void pass(long millis) {
    clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    clock.runScheduledPendingTasks();
  }

  @Override
  public void close() throws IOException {
    up.close();
    if (moved() == 0) { // with the first byte there is no way back, and it was released
      dialing.close();
    }
    downstream.close(End.FIN);
    upstream.close(End.FIN);
    client.close();
    service.close();
    pipes.close();
    clock.finishAndReleaseAll();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
