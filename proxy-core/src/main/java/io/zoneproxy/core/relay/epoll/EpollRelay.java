package io.zoneproxy.core.relay.epoll;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.Native;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.zoneproxy.core.relay.EventLoops;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.ListeningSocket;
import io.zoneproxy.core.relay.Relay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Relays on Linux at little more than the kernel's own cost: sockets are registered with Netty's
 * epoll loops directly, without channels; bulk is spliced. See docs/adr/0006.
 */
public final class EpollRelay implements Relay {
  private static final Logger log = LoggerFactory.getLogger(EpollRelay.class);

  private final PipeQuota quota;
  private final Map<EventLoop, RelayLoop> loops = new ConcurrentHashMap<>();
  private volatile PipeSize pipeSize = PipeSize.FIXED;

  /** Only where there is no {@link #obstacle}. */
  public EpollRelay() {
    this(PipeQuota.ofUser());
    Thread loader = new Thread(this::loadPipeSize, "zoneproxy-pipe-size");
    loader.setDaemon(true);
    loader.start();
  }

  /** With pipes of the kernel's size. */
  EpollRelay(PipeQuota quota) {
    this.quota = quota;
  }

  /** Aside, for it takes a while; until then pipes have the kernel's size. */
  private void loadPipeSize() {
    try {
      pipeSize = PipeSize.load();
    } catch (LinkageError | RuntimeException e) { // JNA unpacks a library, as Netty does
      log.warn(
          "pipes stay at {} KiB, bulk transfers cost up to twice the CPU: {} (expected: a folder"
              + " that can hold libraries, -Djna.tmpdir)",
          PipeSize.DEFAULT_BYTES / 1024,
          e.getMessage());
    }
  }

  /** Why it cannot run on this system, in words for the operator; null when it can. */
  public static @Nullable String obstacle() {
    if (!Epoll.isAvailable()) {
      return "no epoll: " + rootCause(Epoll.unavailabilityCause());
    }
    try {
      return splices() ? null : "splice(2) moves nothing";
    } catch (IOException e) {
      return "splice(2) is not allowed: " + e.getMessage();
    }
  }

  /** The last cause has the words: which file, which library. */
  private static String rootCause(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  private static boolean splices() throws IOException {
    KernelPipe from = KernelPipe.open(PipeSize.DEFAULT_BYTES);
    KernelPipe to = null;
    try {
      to = KernelPipe.open(PipeSize.DEFAULT_BYTES);
      from.entry().write(ByteBuffer.allocateDirect(1), 0, 1);
      return Native.splice(from.exit().intValue(), -1, to.entry().intValue(), -1, 1) == 1;
    } finally {
      from.close();
      if (to != null) {
        to.close();
      }
    }
  }

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public EventLoopGroup loops(int threads, String threadName) {
    return new EventLoops(threads, threadName, EpollIoHandler.newFactory());
  }

  @Override
  public boolean canShareAddress() {
    return true;
  }

  /** As the interface says; {@code children} is not needed, for each loop has a socket. */
  @Override
  public Future<ListeningSocket> listen(
      EventLoop loop,
      EventLoopGroup children,
      InetSocketAddress address,
      boolean shared,
      ListenerContext context) {
    Promise<ListeningSocket> bound = loop.newPromise();
    loop.execute(
        () -> {
          try {
            bound.setSuccess(Acceptor.open(address, shared, context, of(loop)));
          } catch (Throwable e) { // whoever waits for it waits on, otherwise
            bound.setFailure(e);
          }
        });
    return bound;
  }

  private RelayLoop of(EventLoop loop) {
    return Objects.requireNonNull(loops.computeIfAbsent(loop, this::make));
  }

  private RelayLoop make(EventLoop loop) {
    PipePool pipes = new PipePool(loop, quota, () -> pipeSize);
    return new RelayLoop((IoEventLoop) loop, pipes, () -> loops.remove(loop));
  }

  /** The event loops with listening sockets or connections of its own. */
  Set<EventLoop> used() {
    return loops.keySet();
  }

  /** Bytes that its pipes have of the kernel's memory now, full or empty. */
  public long pipeBytes() {
    return quota.taken();
  }
}
