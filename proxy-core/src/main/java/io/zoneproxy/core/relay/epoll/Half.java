package io.zoneproxy.core.relay.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.FileDescriptor;
import io.zoneproxy.core.relay.End;
import io.zoneproxy.core.relay.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a connection, and what is known of its readiness. It is registered edge triggered:
 * epoll says each change once, and it is remembered here until a call has shown that it holds no
 * more. Most sockets are registered once in their life. Only one whose bytes have to wait, for the
 * other side is slower, would hear of every packet that comes: it stops listening until it has
 * nothing to read.
 *
 * <p>What epoll says is a hint, never a fact: an event may have been meant for a closed socket
 * whose descriptor this one got within the same round. Calls decide; they never throw, but set
 * {@link #failure}. On the event loop only. Owns its descriptor.
 */
final class Half implements EpollIoHandle {
  private static final int IN = EpollIoOps.EPOLLIN.value();
  private static final int OUT = EpollIoOps.EPOLLOUT.value();
  private static final int RDHUP = EpollIoOps.EPOLLRDHUP.value();
  private static final int ERR_OR_HUP =
      EpollIoOps.EPOLLERR.value() | 0x10; // EPOLLHUP of <sys/epoll.h>, which Netty does not name
  private static final int PRI = 0x2; // EPOLLPRI: an urgent byte

  // What can be waited for, by number: 1 for bytes, 2 for room; hang-ups and
  // urgent bytes always are.
  private static final int FOR_BYTES = 1;
  private static final int FOR_ROOM = 2;
  private static final EpollIoOps[] OPS = {ops(0), ops(IN), ops(OUT), ops(IN | OUT)};

  /** Of <errno.h>: what Linux calls a reset of a socket that had received FIN. */
  private static final int EPIPE = 32;

  /** As much as a direction moves in one turn, 64 KiB a call; who sends more is told by a reset. */
  private static final int MOST_DISCARDS = 64;

  private static final int NO_OFFSET = -1; // of splice: sockets and pipes have none

  private final LinuxSocket socket;
  private final Side side;
  private final EpollConnection owner;
  private @Nullable IoRegistration registration;
  private int waitingFor = FOR_BYTES | FOR_ROOM;
  private boolean readable;
  private boolean writable;

  /** FIN, RST or an urgent byte, at which reads stop, was seen: a short one proves nothing. */
  private boolean hungUp;

  /**
   * A splice that moves a part and then fails reports the part only, and the kernel forgets the
   * error: a reset then reads as EOF.
   */
  private boolean errorMayBeLost;

  private boolean eof;
  private boolean outputShut;
  private @Nullable Exception failure;

  Half(LinuxSocket socket, Side side, EpollConnection owner) {
    this.socket = socket;
    this.side = side;
    this.owner = owner;
  }

  private static EpollIoOps ops(int waitedFor) {
    return EpollIoOps.valueOf(waitedFor | RDHUP | PRI | EpollIoOps.EPOLLET.value());
  }

  /** Begins to dial. */
  void connect(InetSocketAddress address) throws IOException {
    LinuxSockets.noDelay(socket);
    socket.connect(address); // goes on in the background
  }

  /** Registers it; {@link EpollConnection#onReady} is called from now on. */
  void register(RelayLoop shared) throws IOException {
    try {
      IoRegistration made = shared.register(this);
      registration = made;
      made.submit(OPS[waitingFor]);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  Side side() {
    return side;
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    int ops = ((EpollIoEvent) event).ops().value();
    boolean over = (ops & ERR_OR_HUP) != 0;
    boolean mayRead = over || (ops & (IN | RDHUP | PRI)) != 0;
    boolean mayWrite = over || (ops & OUT) != 0;
    boolean news = over || (mayRead && !readable) || (mayWrite && !writable);
    readable |= mayRead;
    writable |= mayWrite;
    hungUp |= over || (ops & (RDHUP | PRI)) != 0;
    if (news) {
      owner.onReady(this);
    } else {
      waitFor((readable ? 0 : FOR_BYTES) | (writable ? 0 : FOR_ROOM));
    }
  }

  /** Nothing is left to read: an event will tell when there is. */
  private void drained() {
    readable = false;
    waitFor(waitingFor | FOR_BYTES);
  }

  /** Nothing more can be written: an event will tell when there is room. */
  private void full() {
    writable = false;
    waitFor(waitingFor | FOR_ROOM);
  }

  private void waitFor(int events) {
    if (events != waitingFor && registration != null) {
      waitingFor = events;
      submit();
    }
  }

  /** Others come first: epoll says once more that there is something to read, in its next round. */
  void askAgain() {
    readable = false;
    waitingFor |= FOR_BYTES;
    submit();
  }

  private void submit() {
    IoRegistration registered = registration;
    if (registered != null) {
      try {
        registered.submit(OPS[waitingFor]);
      } catch (UncheckedIOException e) {
        failed(e);
      }
    }
  }

  /** Whether a read may bring something. */
  boolean readable() {
    return readable;
  }

  /** Whether a write may take something. */
  boolean writable() {
    return writable;
  }

  /** Whether FIN or RST may have come, maybe behind bytes that are still to be read. A hint. */
  boolean hungUp() {
    return hungUp;
  }

  /** Whether all that the peer sent was read, and its FIN. */
  boolean eof() {
    return eof;
  }

  /** Why a call has failed; null as long as none has. */
  @Nullable Exception failure() {
    return failure;
  }

  /** Whether the peer had sent FIN before the reset that {@link #failure} tells of. */
  boolean resetAfterFin() {
    boolean brokenPipe =
        failure instanceof NativeIoException cause && cause.expectedErr() == -EPIPE;
    return eof || (brokenPipe && !errorMayBeLost);
  }

  /**
   * Whether a dial has succeeded, when there is nothing to send that would tell. If not, an event
   * will tell when to ask again.
   */
  boolean connected() {
    if (socket.remoteAddress() != null) {
      return true;
    }
    full();
    return false;
  }

  /** Asks the kernel for an error that no call has met yet. */
  boolean broken() {
    try {
      return socket.getSoError() != 0;
    } catch (IOException e) {
      return true;
    }
  }

  /**
   * Reads into memory.
   *
   * @return bytes read; 0 when there was none, at EOF and after a failure
   */
  int receive(long address, int capacity) {
    try {
      int bytes = socket.recvAddress(address, 0, capacity);
      if (bytes < 0 && errorMayBeLost && !outputShut) {
        socket.sendAddress(address, 0, 0); // nothing; after a FIN it may be sent, not after a reset
      }
      eof |= bytes < 0;
      if (bytes <= 0 || (bytes < capacity && !hungUp)) {
        drained(); // a short read was all there was: what comes later is an event of its own
      }
      return Math.max(bytes, 0);
    } catch (IOException | NotYetConnectedException e) {
      failed(e);
      return 0;
    }
  }

  /**
   * Throws away what is to be read, up to a bound: closing a socket with something unread in it is
   * a reset, which may destroy what it has still to send.
   */
  void discard(long address, int capacity) {
    int calls = 0;
    while (calls < MOST_DISCARDS && receive(address, capacity) > 0) {
      calls++;
    }
  }

  /** Sends from memory; returns the bytes taken, fewer than offered when there is no more room. */
  int send(long address, int bytes) {
    try {
      int sent = socket.sendAddress(address, 0, bytes);
      if (sent < bytes) {
        full();
      }
      return sent;
    } catch (IOException | NotYetConnectedException e) {
      failed(e);
      return 0;
    }
  }

  /** Sends what is readable in a buffer and moves its reader index. */
  void send(ByteBuf held) {
    int bytes = held.readableBytes();
    ByteBuffer view = held.internalNioBuffer(held.readerIndex(), bytes);
    try {
      int sent = socket.send(view, view.position(), view.limit());
      if (sent < bytes) {
        full();
      }
      held.skipBytes(sent);
    } catch (IOException | NotYetConnectedException e) {
      failed(e);
    }
  }

  /** Moves bytes into an empty pipe; 0 when there was none, at EOF and after a failure. */
  int spliceTo(KernelPipe pipe) {
    try {
      int bytes =
          Native.splice(
              socket.intValue(), NO_OFFSET, pipe.entry().intValue(), NO_OFFSET, pipe.capacity());
      if (bytes == 0 && !hungUp) {
        drained(); // after a hang-up 0 may be EOF as well: a read must tell
      }
      return bytes;
    } catch (IOException | NotYetConnectedException e) {
      failed(e);
      return 0;
    }
  }

  /** Moves bytes out of a pipe; fewer than it holds when there is no more room. */
  int spliceFrom(KernelPipe pipe) {
    try {
      int sent =
          Native.splice(
              pipe.exit().intValue(), NO_OFFSET, socket.intValue(), NO_OFFSET, pipe.bytes());
      if (sent < pipe.bytes()) {
        errorMayBeLost = true;
        full();
      }
      return sent;
    } catch (IOException | NotYetConnectedException e) {
      failed(e);
      return 0;
    }
  }

  private void failed(Exception cause) {
    failure = cause;
    readable = false;
    writable = false;
  }

  /** A read is worth trying though no event said so. */
  void retry() {
    readable = true;
    hungUp = true;
  }

  /** So is a write. */
  void retryWrite() {
    writable = true;
  }

  boolean outputShut() {
    return outputShut;
  }

  /** Sends FIN. */
  void shutOutput() {
    outputShut = true;
    try {
      socket.shutdown(false, true);
    } catch (IOException | NotYetConnectedException e) {
      failed(e); // reset meanwhile: the event that tells is on its way
    }
  }

  /** It has lived long enough to be worth the calls; short connections are spared them. */
  void keepAlive() {
    try {
      LinuxSockets.keepAlive(socket);
    } catch (IOException | ChannelException e) { // the latter for some errors of setsockopt(2)
      failed(e);
    }
  }

  /** Closes the descriptor; RST says that something was lost. */
  void close(End how) {
    if (!socket.isOpen()) {
      return;
    }
    try {
      if (how == End.RESET) {
        LinuxSockets.reset(socket);
      } else {
        socket.close();
      }
    } catch (IOException e) {
      failed(e);
    }
    IoRegistration registered = registration;
    if (registered != null) {
      registered.cancel(); // after the close, which has taken it out of epoll already
    }
  }

  /** The open socket is another's from now on. */
  void release() {
    IoRegistration registered = registration;
    if (registered != null) {
      registered.cancel();
    }
  }

  /** The event loop ends. */
  @Override
  public void close() {
    owner.onLoopEnd();
  }
}
