package io.zoneproxy.bench.load;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One TCP socket on the loop, edge triggered: after an event its owner goes on until nothing is
 * left, or asks to be called again. All methods on the loop's thread.
 */
final class Wire implements EpollIoHandle {
  /** EPOLLHUP, which Netty does not name: both directions are shut, or the connection failed. */
  private static final int HANG_UP = 0x10;

  private static final int END = Native.EPOLLRDHUP | Native.EPOLLERR | HANG_UP;
  private static final EpollIoOps ALL =
      EpollIoOps.valueOf(Native.EPOLLIN | Native.EPOLLOUT | Native.EPOLLRDHUP | Native.EPOLLET);

  private final LoadLoop loop;
  private final LinuxSocket socket;
  private final WireOwner owner;
  private @Nullable IoRegistration registration;
  private boolean endSeen;
  private boolean drained;

  private Wire(LoadLoop loop, LinuxSocket socket, WireOwner owner) {
    this.loop = loop;
    this.socket = socket;
    this.owner = owner;
  }

  /** Begins to connect; a refusal comes as an event, or at once as an exception. */
  static Wire connect(LoadLoop loop, InetSocketAddress address, WireOwner owner)
      throws IOException {
    LinuxSocket socket = LinuxSocket.newSocketStream(false);
    try {
      socket.setTcpNoDelay(true);
      socket.connect(address);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return new Wire(loop, socket, owner).register();
  }

  /** Takes over an accepted descriptor. */
  static Wire accepted(LoadLoop loop, int descriptor, WireOwner owner) {
    return new Wire(loop, LinuxSocket.newSocket(descriptor), owner).register();
  }

  private Wire register() {
    IoRegistration registered = Objects.requireNonNull(loop.events().register(this).getNow());
    registration = registered;
    registered.submit(ALL);
    return this;
  }

  /**
   * Receives into {@link LoadLoop#received}.
   *
   * @return number of bytes; 0 when there are none now; -1 at the end
   */
  int receive() throws IOException {
    int bytes = socket.recvAddress(loop.receiveAddress(), 0, Content.MAX_CHUNK_BYTES);
    // A short read empties the socket, which saves a call; but the FIN behind it has to be fetched
    drained = bytes <= 0 || (bytes < Content.MAX_CHUNK_BYTES && !endSeen);
    return bytes;
  }

  /**
   * Throws received bytes away.
   *
   * @return number of bytes; 0 when there are none now or this is the end, which {@link #receive}
   *     tells apart
   */
  int skip() throws IOException {
    drained = false; // a pipe takes so many pieces at once, whatever their length
    return loop.discard().from(socket, Content.MAX_CHUNK_BYTES);
  }

  /** Whether the last {@link #receive} left nothing behind. */
  boolean drained() {
    return drained;
  }

  /** Sends from memory; 0 when there is no room now. */
  int send(long address, int bytes) throws IOException {
    return socket.sendAddress(address, 0, bytes);
  }

  /** FIN. */
  void finish() throws IOException {
    socket.shutdown(false, true);
  }

  /** Whether it was not closed. */
  boolean isOpen() {
    return socket.isOpen();
  }

  /** Closes it without a word to the owner; a second time does nothing. */
  @Override
  public void close() {
    if (!socket.isOpen()) {
      return;
    }
    try {
      socket.close(); // before cancel: that saves an epoll_ctl
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (registration != null) {
        registration.cancel();
      }
    }
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public void handle(IoRegistration ignored, IoEvent event) {
    int ops = ((EpollIoEvent) event).ops().value();
    endSeen |= (ops & END) != 0;
    call(
        () -> {
          if ((ops & (END | Native.EPOLLIN)) != 0 && isOpen()) {
            owner.onReadable(this);
          }
          if ((ops & Native.EPOLLOUT) != 0 && isOpen()) {
            owner.onWritable(this);
          }
        });
  }

  /** Calls {@link WireOwner#onWritable} again after other wires had their turn. */
  void continueLater() {
    loop.events()
        .execute(
            () -> {
              if (isOpen()) {
                call(() -> owner.onWritable(this));
              }
            });
  }

  private void call(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      fail(e);
    } catch (RuntimeException e) { // Netty's loop would sleep for a second
      fail(new IOException(e.toString(), e));
    }
  }

  private void fail(IOException cause) {
    close();
    owner.onFailed(this, cause);
  }

  /** What an event sets off. */
  private interface Step {
    void run() throws IOException;
  }
}
