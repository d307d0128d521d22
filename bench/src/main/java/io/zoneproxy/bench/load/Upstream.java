package io.zoneproxy.bench.load;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The upstream server's listening socket. On the loop's thread. */
final class Upstream implements EpollIoHandle {
  /** net.core.somaxconn cuts it; more than any workload opens at once. */
  private static final int BACKLOG = 4096;

  /** Of one event: the clients' events wait so long. The listener is level triggered. */
  private static final int MOST_ACCEPTS = 64;

  private final LoadLoop loop;
  private final LinuxSocket socket;
  private final byte[] hello;
  private final byte[] peerAddress = new byte[28]; // sockaddr_in6, which accept() wants room for
  private long lastStream;
  private final LongObjectMap<UpstreamConnection> streams = new LongObjectHashMap<>();

  private Upstream(LoadLoop loop, LinuxSocket socket, byte[] hello) {
    this.loop = loop;
    this.socket = socket;
    this.hello = hello;
  }

  /**
   * Listens; to be called on the loop's thread.
   *
   * @param address port 0 takes a free one
   * @param hello that every connection must begin with
   */
  static Upstream listen(LoadLoop loop, InetSocketAddress address, byte[] hello)
      throws IOException {
    LinuxSocket socket = LinuxSocket.newSocketStream(false);
    socket.setReuseAddress(true);
    socket.setTcpNoDelay(true); // accepted sockets inherit it
    socket.bind(address);
    socket.listen(BACKLOG);
    Upstream upstream = new Upstream(loop, socket, hello);
    IoRegistration registration = loop.events().register(upstream).getNow();
    if (registration == null) {
      throw new IllegalStateException("not on the loop's thread");
    }
    registration.submit(EpollIoOps.EPOLLIN);
    return upstream;
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return socket.localAddress();
  }

  /** A number that no stream has had. */
  long nextStream() {
    return ++lastStream;
  }

  /** Makes a stream known by its number. */
  void add(long number, UpstreamConnection connection) {
    streams.put(number, connection);
  }

  /** Bytes that the server sent or received on a stream so far; 0 when none came. */
  long streamBytes(long number) {
    UpstreamConnection connection = streams.get(number);
    return connection == null ? 0 : connection.streamBytes();
  }

  /** Forgets a stream. */
  void remove(long number) {
    streams.remove(number);
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public void handle(IoRegistration registration, IoEvent event) {
    try {
      for (int i = 0; i < MOST_ACCEPTS; i++) {
        int descriptor = socket.accept(peerAddress);
        if (descriptor < 0) {
          return;
        }
        UpstreamConnection.open(loop, this, descriptor, hello);
      }
    } catch (IOException e) {
      loop.faults().add("accept: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
