package io.zoneproxy.core.relay.epoll;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.relay.ConnectionBook;
import io.zoneproxy.core.relay.DescriptorReserve;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.ListeningSocket;
import io.zoneproxy.core.relay.SocketDefaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket of one event loop: what it accepts stays there. Owns the socket. */
final class Acceptor implements EpollIoHandle, ListeningSocket, Runnable {
  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

  /** Then those that were accepted before have their turn. */
  private static final int AT_ONCE = 64;

  private static final EpollIoOps ACCEPTABLE = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLET);

  private final LinuxSocket socket;
  private final InetSocketAddress address;
  private final ListenerContext context;
  private final RelayLoop shared;
  private final DescriptorReserve reserve;
  private final byte[] peer = new byte[26]; // its length, an IPv6 address with scope, a port
  private @Nullable IoRegistration registration;

  private Acceptor(
      LinuxSocket socket, InetSocketAddress address, ListenerContext context, RelayLoop shared) {
    this.socket = socket;
    this.address = address;
    this.context = context;
    this.shared = shared;
    this.reserve = new DescriptorReserve(context, shared.eventLoop());
  }

  /**
   * Binds and listens; on its event loop.
   *
   * @param sharing whether other sockets of this process listen on the same address
   */
  static Acceptor open(
      InetSocketAddress address, boolean sharing, ListenerContext context, RelayLoop shared)
      throws IOException {
    LinuxSocket socket = LinuxSockets.open(address);
    Acceptor made = null;
    boolean listening = false;
    try {
      socket.setReuseAddress(true);
      socket.setReusePort(sharing);
      LinuxSockets.noDelay(socket); // this and the next are for what it accepts
      LinuxSockets.keepAlive(socket);
      socket.bind(address);
      socket.listen(SocketDefaults.BACKLOG);
      made = new Acceptor(socket, socket.localAddress(), context, shared);
      shared.join();
      IoRegistration registration = shared.register(made);
      made.registration = registration;
      registration.submit(ACCEPTABLE);
      listening = true;
      return made;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      if (!listening && made != null) {
        made.close();
      } else if (!listening) {
        socket.close();
      }
    }
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void handle(IoRegistration from, IoEvent event) {
    run();
  }

  /** Accepts what waits. Nothing may be thrown: the loop would stand still for a second. */
  @Override
  public void run() {
    try {
      for (int i = 0; i < AT_ONCE && socket.isOpen(); i++) {
        int accepted = socket.accept(peer);
        if (accepted < 0) {
          return; // the next one is an event
        }
        reserve.accepted();
        take(LinuxSocket.newSocket(accepted));
      }
      askAgain();
    } catch (IOException | OutOfMemoryError e) {
      onFailed(e);
    } catch (RuntimeException e) {
      log.error("{}: a connection was lost by a mistake of this program", context.listener(), e);
      askAgain();
    }
  }

  /** More may wait, but others come first: epoll says so once more, in its next round. */
  private void askAgain() {
    try {
      Objects.requireNonNull(registration).submit(ACCEPTABLE); // nothing once it is closed
    } catch (UncheckedIOException e) {
      log.warn("{}: {}", context.listener(), e.getMessage());
      acceptLater();
    }
  }

  private void acceptLater() {
    shared.eventLoop().schedule(this, DescriptorReserve.PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void take(LinuxSocket accepted) throws IOException {
    InetSocketAddress from = NativeInetAddress.address(peer, 1, peer[0]);
    CloseReason refused = context.admission().admit();
    if (refused == null) {
      begin(accepted, from);
    } else {
      context.stats().overflow.increment();
      new ConnectionBook(context, from).end(refused, "");
      LinuxSockets.reset(accepted);
    }
  }

  private void begin(LinuxSocket accepted, InetSocketAddress from) throws IOException {
    EpollConnection connection = null;
    try {
      connection = new EpollConnection(context, shared, accepted, from);
    } finally {
      if (connection == null) { // memory ran out: it has no owner
        context.admission().release();
        accepted.close();
      }
    }
    connection.start();
  }

  private void onFailed(Throwable cause) {
    if (!socket.isOpen()) {
      return;
    }
    if (reserve.failed(cause)) {
      acceptLater();
    } else {
      askAgain();
    }
  }

  @Override
  public Future<?> stopAccepting() {
    Promise<Boolean> closed = shared.eventLoop().newPromise();
    try {
      shared
          .eventLoop()
          .execute(
              () -> {
                close();
                closed.setSuccess(true);
              });
    } catch (RejectedExecutionException e) { // the loop has ended, and closed it
      closed.setSuccess(true);
    }
    return closed;
  }

  @Override
  public void close() {
    if (!socket.isOpen()) {
      return;
    }
    try {
      socket.close();
    } catch (IOException e) {
      log.debug("{}: {}", context.listener(), e.getMessage());
    }
    IoRegistration registered = registration;
    if (registered != null) {
      registered.cancel();
    }
    reserve.close();
    shared.leave();
  }
}
