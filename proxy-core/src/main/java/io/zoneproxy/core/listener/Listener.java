package io.zoneproxy.core.listener;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.ListeningSocket;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.route.SniTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A bound address and its routing table. New connections see a new table at once; live ones keep
 * the chain that they matched.
 */
public final class Listener {
  /** Far more than one round of an event loop takes. */
  private static final long CLOSE_SECONDS = 2;

  private final ListenerSpec spec;
  private final ListenerContext context;
  private final List<ListeningSocket> sockets = new ArrayList<>();
  private @Nullable PipeSocket pipe;
  private volatile SniTable table;
  private volatile @Nullable InetSocketAddress address; // null for a Unix socket

  private Listener(
      ListenerSpec spec, SniTable table, Function<Supplier<SniTable>, ListenerContext> context) {
    // Its chains are in the table, and change with it: kept here, they would be the first ones.
    this.spec = spec.withChains(List.of());
    this.table = table;
    this.context = context.apply(this::table);
    this.address =
        spec.address() instanceof HostPort at ? new InetSocketAddress(at.host(), at.port()) : null;
  }

  /**
   * Listens on a Unix socket, which only its owner may dial. Chains with handlers are served, not
   * relays. Blocks until it is done, so never call it on an event loop.
   *
   * @param loop of NIO; accepts and serves
   * @param context makes what the connections share, given where the table is read
   * @throws BindException with a message for the operator; nothing stays bound
   */
  public static Listener bindPipe(
      ListenerSpec spec,
      SniTable table,
      EventLoop loop,
      Function<Supplier<SniTable>, ListenerContext> context)
      throws BindException {
    Listener listener = new Listener(spec, table, context);
    try {
      listener.pipe = PipeSocket.bind((Pipe) spec.address(), loop, listener.context);
      return listener;
    } catch (IOException e) {
      throw new BindException(spec, e);
    }
  }

  /**
   * Binds. Blocks until it is done, so never call it on an event loop.
   *
   * @param loops one listening socket for each of them where the system can share an address, else
   *     one socket for all
   * @param context makes what the connections share, given where the table is read
   * @throws BindException with a message for the operator; nothing stays bound
   */
  public static Listener bind(
      ListenerSpec spec,
      SniTable table,
      Relay relay,
      EventLoopGroup loops,
      Function<Supplier<SniTable>, ListenerContext> context)
      throws BindException {
    Listener listener = new Listener(spec, table, context);
    try {
      listener.open(relay, loops);
      return listener;
    } catch (BindException e) {
      listener.close();
      throw e;
    }
  }

  private void open(Relay relay, EventLoopGroup loops) throws BindException {
    List<EventLoop> each = new ArrayList<>();
    for (EventExecutor loop : loops) {
      each.add((EventLoop) loop);
    }
    InetSocketAddress wanted = address;
    if (wanted == null) {
      throw new BindException(spec, "a Unix socket (expected: host and port)");
    }
    if (wanted.isUnresolved()) {
      throw new BindException(spec, "the name cannot be resolved");
    }
    if (each.size() > 1 && relay.canShareAddress()) {
      InetSocketAddress free = probe(wanted);
      address = free;
      for (EventLoop loop : each) {
        sockets.add(listen(relay, loop, loop, free, true));
      }
    } else {
      sockets.add(listen(relay, each.get(0), loops, wanted, false));
      address = sockets.get(0).address();
    }
  }

  /**
   * Sockets that share an address would let a second process of the same user in, without a word:
   * so one that does not share looks first, and finds a port where any will do.
   */
  private InetSocketAddress probe(InetSocketAddress wanted) throws BindException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // or connections of an earlier run would be in the way
      socket.bind(wanted);
      return (InetSocketAddress) socket.getLocalSocketAddress();
    } catch (IOException e) {
      throw new BindException(spec, e);
    }
  }

  private ListeningSocket listen(
      Relay relay, EventLoop loop, EventLoopGroup children, InetSocketAddress at, boolean shared)
      throws BindException {
    var bind = relay.listen(loop, children, at, shared, context).awaitUninterruptibly();
    if (!bind.isSuccess()) {
      throw new BindException(spec, bind.cause());
    }
    return bind.getNow();
  }

  /** Name and address as configured, without chains: they are in the {@link #table}. */
  public ListenerSpec spec() {
    return spec;
  }

  /**
   * The address that is bound, with the port that the kernel chose if it was 0. Not for a Unix
   * socket, which has none.
   */
  public InetSocketAddress address() {
    return Objects.requireNonNull(address, "a Unix socket");
  }

  /** The table in force. */
  public SniTable table() {
    return table;
  }

  /** New connections match against this one from now on. */
  public void swap(SniTable next) {
    table = next;
  }

  /** How the admin port shows it; empty for a Unix socket, which has no port to be shown. */
  public Optional<ListenerStatus> status() {
    return Optional.ofNullable(address).map(bound -> status(bound));
  }

  private ListenerStatus status(InetSocketAddress bound) {
    return new ListenerStatus(spec.name(), bound, context.stats(), spec.statPrefix());
  }

  /**
   * Stops accepting; live connections go on. Returns when the address is free. Never on an event
   * loop.
   */
  public void close() {
    List<Future<?>> closing = new ArrayList<>();
    sockets.forEach(socket -> closing.add(socket.stopAccepting()));
    PipeSocket unix = pipe;
    if (unix != null) {
      pipe = null;
      closing.add(unix.stopAccepting());
    }
    // Not for ever: a loop that is shut down meanwhile drops what it has scheduled.
    closing.forEach(each -> each.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS));
    sockets.clear();
  }
}
