package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.listener.Listener;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.Admission;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.route.SniTable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/** Binds listeners, with what their connections share. Any thread but the event loops. */
final class Binder {
  private final ProxyConfig config;
  private final ProxyRuntime.DataPath path;
  private final EventLoopGroup loops;
  private final EventLoop control;
  private final ConnectionObserver observer;
  private final ServerStats server;
  private final LiveConnections live;
  private final AtomicInteger open = new AtomicInteger(); // one limit for all listeners

  /** By the listener's name: one that comes back goes on counting. */
  private final Map<String, ListenerStats> stats = new ConcurrentHashMap<>();

  Binder(
      ProxyConfig config,
      ProxyRuntime.DataPath path,
      EventLoopGroup loops,
      EventLoop control,
      ConnectionObserver observer,
      ServerStats server,
      LiveConnections live) {
    this.config = config;
    this.path = path;
    this.loops = loops;
    this.control = control;
    this.observer = observer;
    this.server = server;
    this.live = live;
  }

  /** A Unix socket is served by the control loop, which is NIO whatever the others are. */
  Listener bind(ListenerSpec spec, SniTable routes) throws BindException {
    Function<Supplier<SniTable>, ListenerContext> context = table -> context(spec, table);
    return spec.address() instanceof Pipe
        ? Listener.bindPipe(spec, routes, control, context)
        : Listener.bind(spec, routes, path.relay(), loops, context);
  }

  private ListenerContext context(ListenerSpec spec, Supplier<SniTable> table) {
    return new ListenerContext(
        spec.name(),
        table,
        path.peek(),
        config.hello(),
        config.relay(),
        new Admission(config.limits(), open),
        live,
        stats.computeIfAbsent(spec.name(), ListenerStats::new),
        server,
        observer);
  }
}
