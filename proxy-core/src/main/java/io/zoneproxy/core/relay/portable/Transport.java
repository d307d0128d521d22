package io.zoneproxy.core.relay.portable;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.zoneproxy.core.relay.EventLoops;
import io.zoneproxy.core.relay.SocketDefaults;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * Event loops, and the options that every proxied socket has. The JDK's sockets, not Netty's epoll
 * ones: docs/adr/0002 says why.
 */
public final class Transport {
  /**
   * Marks and read size bound what one connection holds in user land: two directions of the high
   * mark and one read above it are 192 KiB.
   */
  private static final WriteBufferWaterMark MARKS = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /**
   * Where TLS is ended, on both channels: each stop and start of reading is a system call. Together
   * with a read above each mark it is 768 KiB a connection at most, of which Envoy has 2 MiB.
   */
  private static final WriteBufferWaterMark TLS_MARKS =
      new WriteBufferWaterMark(128 * 1024, 256 * 1024);

  /** As Envoy reads; with 64 KiB a stream costs up to a tenth more. */
  static final int MAX_TLS_READ = 128 * 1024;

  private static final int MIN_READ = 512;
  private static final int FIRST_READ = 2048; // most ClientHellos in one piece
  private static final int MAX_READ = 32 * 1024;

  private Transport() {}

  /**
   * New event loops, on daemon threads.
   *
   * @param threads how many, at least 1
   * @param name begins the names of their threads
   */
  public static EventLoopGroup loops(int threads, String name) {
    return new EventLoops(threads, name, NioIoHandler.newFactory());
  }

  /** Whether several sockets may listen on one address, so that each event loop has its own. */
  public static boolean canShareAddress() {
    try (ServerSocketChannel any = ServerSocketChannel.open()) {
      return any.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * A listening socket's options and those of what it accepts.
   *
   * @param loop accepts
   * @param children serve what is accepted; the loop itself where each has a socket of its own
   * @param shared whether other sockets of this process listen on the same address
   */
  static ServerBootstrap listening(EventLoop loop, EventLoopGroup children, boolean shared) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop, children)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, SocketDefaults.BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true);
    if (shared) {
      bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
    }
    relayed(bootstrap::childOption);
    return bootstrap;
  }

  /** A dialing socket of the kind that this loop serves. */
  public static Bootstrap upstream(EventLoop loop) {
    Bootstrap bootstrap = new Bootstrap().group(loop);
    if (loop instanceof IoEventLoop io && io.isCompatible(EpollIoHandle.class)) {
      bootstrap.channel(EpollSocketChannel.class);
      common(bootstrap::option);
      bootstrap
          .option(EpollChannelOption.TCP_KEEPIDLE, SocketDefaults.KEEPALIVE_IDLE_SECONDS)
          .option(EpollChannelOption.TCP_KEEPINTVL, SocketDefaults.KEEPALIVE_INTERVAL_SECONDS)
          .option(EpollChannelOption.TCP_KEEPCNT, SocketDefaults.KEEPALIVE_COUNT);
    } else {
      bootstrap.channel(NioSocketChannel.class);
      relayed(bootstrap::option);
    }
    return bootstrap;
  }

  /** The options that both sides of a relay have. */
  private static void relayed(Options socket) {
    common(socket);
    if (canTuneKeepalive()) {
      socket.set(
          NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
          SocketDefaults.KEEPALIVE_IDLE_SECONDS);
      socket.set(
          NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
          SocketDefaults.KEEPALIVE_INTERVAL_SECONDS);
      socket.set(
          NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), SocketDefaults.KEEPALIVE_COUNT);
    }
  }

  private static void common(Options socket) {
    socket.set(ChannelOption.TCP_NODELAY, true);
    socket.set(ChannelOption.SO_KEEPALIVE, true);
    socket.set(ChannelOption.ALLOW_HALF_CLOSURE, true);
    socket.set(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS);
    socket.set(ChannelOption.RECVBUF_ALLOCATOR, readSizes(MAX_READ));
  }

  /**
   * Sets a channel that has read nothing, of a connection whose TLS ends here, to sizes for much.
   */
  static void relaysTls(Channel channel) {
    channel.config().setWriteBufferWaterMark(TLS_MARKS);
    channel.config().setRecvByteBufAllocator(readSizes(MAX_TLS_READ));
    channel.config().setAllocator(Bulk.BUFFERS);
  }

  /**
   * The usual allocator gives chunks back and takes, and clears, new ones all the time when buffers
   * are large: a sixth of the CPU of a stream from TLS. Made with the first such channel.
   */
  private static final class Bulk {
    private static final int PAGE_BYTES = 8192;
    private static final int CHUNK_BYTES = 1024 * 1024; // a few connections' worth

    static final ByteBufAllocator BUFFERS =
        new PooledByteBufAllocator(
            true,
            0, // no arena on the heap: all of it is read from, or written to, sockets
            Runtime.getRuntime().availableProcessors(),
            PAGE_BYTES,
            Integer.numberOfTrailingZeros(CHUNK_BYTES / PAGE_BYTES),
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            PooledByteBufAllocator.defaultUseCacheForAllThreads());
  }

  /** Where an option is put: at a bootstrap, or at what it accepts. */
  private interface Options {
    <T> Object set(ChannelOption<T> option, T value);
  }

  private static AdaptiveRecvByteBufAllocator readSizes(int most) {
    return new AdaptiveRecvByteBufAllocator(MIN_READ, FIRST_READ, most);
  }

  /** Not everywhere: the JDK knows these options of Linux, macOS and newer Windows. */
  private static boolean canTuneKeepalive() {
    return Keepalive.TUNABLE;
  }

  /** Asked once. */
  private static final class Keepalive {
    static final boolean TUNABLE = tunable();

    private static boolean tunable() {
      try (java.nio.channels.SocketChannel any = java.nio.channels.SocketChannel.open()) {
        return any.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE);
      } catch (IOException e) {
        return false;
      }
    }
  }
}
