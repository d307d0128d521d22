package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.listener.Listener;
import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.Admission;
import io.zoneproxy.core.relay.ListenerContext;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.relay.Peek;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.route.SniTable;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.ClusterContext;
import io.zoneproxy.core.upstream.DnsNames;
import io.zoneproxy.core.upstream.NameTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A running proxy: applies snapshots, and ends with a drain. It owns its listeners, clusters and
 * connections, not the event loops. Methods are for any thread but the event loops; those that
 * change something run one at a time.
 */
public final class ProxyRuntime implements ProxyView, AutoCloseable {
  /** As Envoy's STRICT_DNS: names are asked for again every 5 s. */
  private static final long REFRESH_SECONDS = 5;

  private final ProxyConfig config;
  private final Relay relay;
  private final Peek.Factory peek;
  private final EventLoopGroup loops;
  private final EventLoop control;
  private final ConnectionObserver observer;
  private final ServerStats server;

  private final DnsNames dns;
  private final NameTable names;
  private final ClusterContext clusterContext;
  private final LiveConnections live = new LiveConnections();
  private final AtomicInteger open = new AtomicInteger();
  private final Map<String, ListenerStats> listenerStats = new ConcurrentHashMap<>();
  private final Map<String, Listener> listeners = new LinkedHashMap<>();
  private final RemovedChains removed;
  private final Future<?> refresh;
  private volatile List<Listener> bound = List.of();
  private volatile Map<String, Cluster> clusters = Map.of();
  private volatile ProxySnapshot snapshot = ProxySnapshot.EMPTY;
  private volatile boolean applied;
  private volatile boolean failing;
  private volatile boolean ending;
  private volatile boolean stopped; // the listeners were closed for good
  private boolean closed; // guarded by this
  private @Nullable CompletableFuture<Integer> drained; // guarded by this

  /**
   * @param relay moves the bytes
   * @param peek parses ClientHellos
   * @param loops accept and serve connections
   * @param control does everything else: names, drains
   * @param observer told of every connection's end
   * @param server counters of the process
   */
  public ProxyRuntime(
      ProxyConfig config,
      Relay relay,
      Peek.Factory peek,
      EventLoopGroup loops,
      EventLoop control,
      ConnectionObserver observer,
      ServerStats server) {
    this.config = config;
    this.relay = relay;
    this.peek = peek;
    this.loops = loops;
    this.control = control;
    this.observer = observer;
    this.server = server;
    this.dns = new DnsNames(control);
    this.names = new NameTable(dns);
    this.clusterContext = new ClusterContext(names, control);
    this.removed = new RemovedChains(config.removal(), config.drain().time(), control, live);
    this.refresh =
        control.scheduleWithFixedDelay(
            names::refresh, REFRESH_SECONDS, REFRESH_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Puts a configuration in force. New connections see it; live ones are touched only when their
   * chain is gone. Once {@link #closeListeners} was called, nothing is listened on any more; after
   * {@link #close} this does nothing.
   *
   * @throws BindException when an address cannot be listened on; then nothing has changed
   * @throws IllegalArgumentException when two chains of a listener take one server name; then
   *     nothing has changed
   */
  public synchronized void apply(ProxySnapshot next) throws BindException {
    if (closed) {
      return; // a reload that was under way
    }
    Map<String, Cluster> found = new HashMap<>(next.clusters().size() * 2);
    next.clusters().values().forEach(spec -> found.put(spec.name(), known(spec)));
    Map<String, SniTable> tables = new HashMap<>();
    List<Listener> added = new ArrayList<>();
    boolean whole = false;
    try {
      next.listeners().forEach(spec -> tables.put(spec.name(), table(spec, found)));
      bindNew(next, tables, added);
      whole = true;
    } finally {
      if (!whole) {
        added.forEach(Listener::close);
        forgetNames(snapshot);
      }
    }
    next.clusters().values().forEach(spec -> cluster(found, spec.name()).update(spec));
    Map<String, Cluster> before = clusters;
    clusters = Map.copyOf(found);
    before.values().stream()
        .filter(cluster -> !found.containsKey(cluster.name()))
        .forEach(Cluster::close);
    Map<String, Set<Map<String, String>>> subsets = subsets(next);
    found.forEach((name, cluster) -> cluster.retain(subsets.getOrDefault(name, Set.of())));
    swap(tables, added);
    forgetNames(next);
    snapshot = next;
    server.configApplied.increment();
    server.configAppliedAtMillis.set(System.currentTimeMillis());
    applied = true;
  }

  private void bindNew(ProxySnapshot next, Map<String, SniTable> tables, List<Listener> added)
      throws BindException {
    for (ListenerSpec spec : next.listeners()) {
      if (!stopped && !sameAddress(listeners.get(spec.name()), spec)) {
        added.add(bind(spec, Objects.requireNonNull(tables.get(spec.name()), spec.name())));
      }
    }
  }

  private void swap(Map<String, SniTable> next, List<Listener> added) {
    Map<String, SniTable> before = tables();
    for (Listener listener : added) {
      Listener replaced = listeners.put(listener.spec().name(), listener);
      if (replaced != null) {
        // Who is being peeked at matches later, and must not find what is gone.
        replaced.swap(listener.table());
        replaced.close();
      }
    }
    listeners.forEach(
        (name, listener) -> {
          SniTable table = next.get(name);
          if (table == null) {
            listener.swap(SniTable.EMPTY);
            listener.close();
          } else {
            listener.swap(table);
          }
        });
    listeners.keySet().retainAll(next.keySet());
    bound = stopped ? List.of() : List.copyOf(listeners.values());
    removed.onChange(before, tables());
  }

  private Map<String, SniTable> tables() {
    Map<String, SniTable> tables = new LinkedHashMap<>();
    listeners.forEach((name, listener) -> tables.put(name, listener.table()));
    return tables;
  }

  private static boolean sameAddress(@Nullable Listener known, ListenerSpec spec) {
    return known != null && known.spec().address().equals(spec.address());
  }

  private Cluster known(ClusterSpec spec) {
    Cluster known = clusters.get(spec.name());
    return known != null ? known : new Cluster(spec, clusterContext);
  }

  private static Cluster cluster(Map<String, Cluster> found, String name) {
    return Objects.requireNonNull(found.get(name), name);
  }

  private static SniTable table(ListenerSpec spec, Map<String, Cluster> found) {
    return SniTable.of(spec.chains(), name -> cluster(found, name));
  }

  private Listener bind(ListenerSpec spec, SniTable routes) throws BindException {
    return Listener.bind(
        spec,
        routes,
        relay,
        loops,
        table ->
            new ListenerContext(
                spec.name(),
                table,
                peek,
                config.hello(),
                config.relay(),
                new Admission(config.limits(), open),
                live,
                listenerStats.computeIfAbsent(spec.name(), ListenerStats::new),
                server,
                observer));
  }

  /** By cluster, the subsets that some chain chooses from. */
  private static Map<String, Set<Map<String, String>>> subsets(ProxySnapshot of) {
    Map<String, Set<Map<String, String>>> subsets = new HashMap<>();
    for (ListenerSpec listener : of.listeners()) {
      for (ChainSpec chain : listener.chains()) {
        for (Destination.ToCluster to : chain.relaysTo()) {
          if (!to.subset().isEmpty()) {
            subsets.computeIfAbsent(to.cluster(), name -> new HashSet<>()).add(to.subset());
          }
        }
      }
    }
    return subsets;
  }

  private void forgetNames(ProxySnapshot unlessIn) {
    if (!names.isEmpty()) {
      names.retain(hosts(unlessIn));
    }
  }

  private static Set<String> hosts(ProxySnapshot of) {
    Set<String> hosts = new HashSet<>();
    of.clusters().values().stream()
        .flatMap(cluster -> cluster.localities().stream())
        .flatMap(group -> group.endpoints().stream())
        .map(endpoint -> endpoint.address().host())
        .forEach(hosts::add);
    return hosts;
  }

  /** Stops accepting at once; live connections go on. */
  public synchronized void closeListeners() {
    listeners.values().forEach(Listener::close);
    bound = List.of();
    stopped = true;
  }

  /**
   * Ends the proxy: not ready at once, then as {@link Drain} says.
   *
   * @return completes when the last connection is gone, with the number that was cut; completing or
   *     cancelling it ends the drain at once. A second call returns the same
   */
  public synchronized CompletableFuture<Integer> drain() {
    ending = true;
    CompletableFuture<Integer> running = drained;
    if (running == null) {
      Drain drain = new Drain(config.drain(), System::nanoTime, new DrainTarget());
      running =
          closed ? CompletableFuture.completedFuture(0) : new DrainRun(drain, control).start();
      drained = running;
    }
    return running;
  }

  /** Readiness only: no new connections are wanted, or they are again; no way out of a drain. */
  public void failReadiness(boolean fail) {
    failing = fail;
  }

  /** Stops everything at once: listeners, connections, names. The event loops stay. */
  @Override
  public synchronized void close() {
    ending = true;
    closed = true;
    closeListeners();
    live.cut(Integer.MAX_VALUE, connection -> true, CloseReason.DRAINED);
    refresh.cancel(false);
    clusters.values().forEach(Cluster::close);
    dns.close();
  }

  @Override
  public State state() {
    if (ending) {
      return State.DRAINING;
    }
    if (!applied) {
      return State.INITIALIZING;
    }
    return failing ? State.DRAINING : State.LIVE;
  }

  @Override
  public List<ListenerStatus> listeners() {
    return bound.stream().map(Listener::status).toList();
  }

  @Override
  public List<ClusterStatus> clusters() {
    return clusters.values().stream().map(Cluster::status).toList();
  }

  @Override
  public ProxySnapshot snapshot() {
    return snapshot;
  }

  @Override
  public ServerStats server() {
    return server;
  }

  /** Connections open now. */
  public int openConnections() {
    return live.count();
  }

  /** What a drain acts on. */
  private final class DrainTarget implements Drain.Target {
    @Override
    public long accepted() {
      return server.connections.sum();
    }

    @Override
    public int open() {
      return live.count();
    }

    @Override
    public void stopAccepting() {
      // Closing waits for the event loops, and this runs on one.
      new Thread(ProxyRuntime.this::closeListeners, "zoneproxy-drain").start();
    }

    @Override
    public boolean stopped() {
      return stopped;
    }

    @Override
    public int cut(int most) {
      return live.cut(most, connection -> true, CloseReason.DRAINED);
    }
  }
}
