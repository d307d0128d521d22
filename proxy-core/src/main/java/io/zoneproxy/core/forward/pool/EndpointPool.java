package io.zoneproxy.core.forward.pool;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.observe.CloseReason;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint, and who waits for one. The connection that was
 * used last is used first, so that those of a past peak grow idle and end. On its event loop.
 */
final class EndpointPool {
  /** Requests of one connection before the upstream has said how many it takes, as in RFC 9113. */
  static final int FIRST_STREAMS = 100;

  /** When nothing is said, as in Envoy. */
  private static final Duration IDLE = Duration.ofHours(1);

  private final EventLoop loop;
  private final Target target;
  private final Duration connectTimeout;
  private final int perDial;
  private final Set<PooledConnection> connections = new HashSet<>();

  /** Those that take a request more; a stack. */
  private final Deque<PooledConnection> ready = new ArrayDeque<>();

  private final Set<PooledDial> dials = new HashSet<>();
  private final Deque<Waiter> waiters = new ArrayDeque<>();
  private boolean closed;

  EndpointPool(EventLoop loop, Target target, Duration connectTimeout) {
    this.loop = loop;
    this.target = target;
    this.connectTimeout = connectTimeout;
    this.perDial = target.http().version() == HttpUpstream.Version.HTTP_2 ? FIRST_STREAMS : 1;
  }

  Target target() {
    return target;
  }

  /** Gives a connection to the waiter: now, or when there is one. */
  void request(Waiter waiter) {
    PooledConnection connection = ready.peek();
    if (connection != null && suits(connection, waiter)) {
      begin(connection, waiter);
      return;
    }
    waiters.add(waiter);
    if (waiters.size() > dials.size() * perDial) {
      dial(waiter);
    }
  }

  private static boolean suits(PooledConnection connection, Waiter waiter) {
    return !waiter.wantsFresh() || !connection.mayBeStale();
  }

  private void begin(PooledConnection connection, Waiter waiter) {
    if (connection.free() == 1) {
      ready.remove(); // it is the first
    }
    waiter.onReady(connection.begin(waiter.listener()));
  }

  /** It waits no longer. */
  void forget(Waiter waiter) {
    waiters.remove(waiter);
  }

  private void dial(Waiter waiter) {
    InetSocketAddress address = target.endpoint().dialAddress();
    if (address == null) {
      String barred = target.endpoint().barred();
      String words = barred.isEmpty() ? "its name is not known yet" : barred;
      fail(waiter, CloseReason.NO_ENDPOINT, target.endpoint() + ": " + words);
      return;
    }
    boolean none = connections.isEmpty() && dials.isEmpty();
    if (!target.cluster().breaker().dial(none)) {
      // As in Envoy: whoever finds all connections taken waits for one, within the limit of those.
      if (none || waiters.size() > target.cluster().spec().policy().limits().maxPendingRequests()) {
        fail(waiter, CloseReason.UPSTREAM_LIMIT, target.cluster().name());
      } else if (!ready.isEmpty()) {
        loop.execute(this::serve); // it wants a fresh one, and gets none
      }
      return;
    }
    Dialing outcome = new Dialing();
    outcome.dial = PooledDial.begin(loop, target, address, connectTimeout, outcome);
    dials.add(outcome.dial);
  }

  /** Later: whoever asks is not told of a failure before it has finished asking. */
  private void fail(Waiter waiter, CloseReason reason, String detail) {
    loop.execute(
        () -> {
          if (waiters.remove(waiter)) {
            waiter.onFailed(new Failure(reason, detail, true));
          }
        });
  }

  /** A connection that took no more requests takes some again. */
  void onFree(PooledConnection connection) {
    ready.push(connection);
    serve();
  }

  private void serve() {
    PooledConnection connection = ready.peek();
    Waiter waiter = nextFor(connection);
    while (connection != null && waiter != null) {
      waiters.remove(waiter);
      begin(connection, waiter);
      connection = ready.peek();
      waiter = nextFor(connection);
    }
  }

  /** The first that it suits; any, when nothing better is on its way. */
  private @Nullable Waiter nextFor(@Nullable PooledConnection connection) {
    if (connection == null) {
      return null;
    }
    for (Waiter waiter : waiters) {
      if (suits(connection, waiter)) {
        return waiter;
      }
    }
    return dials.isEmpty() ? waiters.peek() : null;
  }

  /** The endpoint has broken HTTP's rules. */
  void onProtocolError() {
    target.cluster().stats().requests().protocolError.increment();
  }

  /** A connection takes no more requests. */
  void onRetired(PooledConnection connection) {
    ready.remove(connection);
  }

  /** A connection is over. */
  void onClosed(PooledConnection connection) {
    ready.remove(connection);
    connections.remove(connection);
    Waiter next = waiters.peek();
    if (next != null && waiters.size() > dials.size() * perDial) {
      dial(next);
    }
  }

  /** Ends what is idle for too long, too old, or leads to an endpoint that is gone. */
  void sweep(long now, boolean gone) {
    long idle = target.http().idleTimeout().orElse(IDLE).toNanos();
    long age = target.http().maxConnectionDuration().orElse(Duration.ZERO).toNanos();
    for (PooledConnection one : List.copyOf(connections)) {
      boolean unused = one.active() == 0;
      if (gone || (age > 0 && now - one.connectedNanos() >= age)) {
        one.retire();
      } else if (unused && idle > 0 && now - one.idleNanos() >= idle) {
        one.close();
      }
    }
  }

  boolean isEmpty() {
    return connections.isEmpty() && dials.isEmpty() && waiters.isEmpty();
  }

  /** Idle connections end now, the others with their last request. */
  void close() {
    closed = true;
    List.copyOf(connections).forEach(PooledConnection::retire);
  }

  private final class Dialing implements PooledDial.Outcome {
    private @Nullable PooledDial dial;

    private void end() {
      PooledDial done = dial;
      if (done != null) {
        dials.remove(done);
      }
    }

    @Override
    public void onConnected(Channel channel, ConnectionCount count) {
      end();
      PooledConnection fresh =
          target.http().version() == HttpUpstream.Version.HTTP_2
              ? Http2Connection.on(channel, EndpointPool.this)
              : Http1Connection.on(channel, EndpointPool.this);
      connections.add(fresh);
      onFree(fresh);
      if (closed) {
        fresh.retire();
      }
    }

    @Override
    public void onFailed(Failure failure) {
      end();
      while (waiters.size() > dials.size() * perDial) {
        waiters.remove().onFailed(failure);
      }
    }
  }
}
