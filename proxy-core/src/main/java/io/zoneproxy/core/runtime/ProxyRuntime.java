package io.zoneproxy.core.runtime;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.listener.Listener;
import io.zoneproxy.core.model.Address;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.Pipe;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.ShardedMap;
import io.zoneproxy.core.model.TransportProtocol;
import io.zoneproxy.core.observe.CloseReason;
import io.zoneproxy.core.observe.ClusterStatus;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ListenerStatus;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.LiveConnections;
import io.zoneproxy.core.relay.Peek;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.route.FilterChain;
import io.zoneproxy.core.route.Opening;
import io.zoneproxy.core.route.SniTable;
import io.zoneproxy.core.route.TableBuilder;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.core.upstream.ClusterContext;
import io.zoneproxy.core.upstream.DnsNames;
import io.zoneproxy.core.upstream.NameTable;
import io.zoneproxy.core.upstream.Outside;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy: applies snapshots, and ends with a drain. It owns its listeners, clusters and
 * connections, not the event loops. Methods are for any thread but the event loops; those that
 * change something run one at a time.
 */
public final class ProxyRuntime implements ProxyView, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProxyRuntime.class);

  /** As Envoy's STRICT_DNS: names are asked for again every 5 s. */
  private static final long REFRESH_SECONDS = 5;

  private final ProxyConfig config;
  private final EventLoop control;
  private final ChainEngine engine;
  private final ServerStats server;

  private final DnsNames dns;
  private final NameTable names;
  private final OwnAddresses own = new OwnAddresses(this::listeners);
  private final ClusterContext clusterContext;
  private final LiveConnections live = new LiveConnections();
  private final ListenerSet listeners;
  private final RemovedChains removed;
  private final RevokedRights revoked;
  private final Future<?> refresh;
  private final Watchdog watchdog;
  private volatile ShardedMap<Cluster> clusters = ShardedMap.copyOf(Map.of());
  private volatile ProxySnapshot snapshot = ProxySnapshot.EMPTY;
  private volatile boolean applied;
  private volatile boolean failing;
  private volatile boolean ending;
  private volatile Map<String, SniTable> tables = Map.of(); // written under this
  private final Unbound unbound; // changed under this
  private final Standstill standstill = new Standstill(); // likewise
  private final CompletableFuture<Void> serving = new CompletableFuture<>();
  private boolean closed; // guarded by this
  private @Nullable CompletableFuture<Integer> drained; // guarded by this

  /** Relays only: chains that are more are refused. */
  public ProxyRuntime(
      ProxyConfig config,
      Relay relay,
      Peek.Factory peek,
      EventLoopGroup loops,
      EventLoop control,
      ConnectionObserver observer,
      ServerStats server) {
    this(config, new DataPath(relay, peek, ChainEngine.NONE), loops, control, observer, server);
  }

  /**
   * What connections go through.
   *
   * @param relay moves the bytes
   * @param peek parses ClientHellos
   * @param engine serves the chains that are more than a relay
   */
  public record DataPath(Relay relay, Peek.Factory peek, ChainEngine engine) {}

  /**
   * @param path what connections go through
   * @param loops accept and serve connections
   * @param control does everything else: names, drains
   * @param observer told of every connection's end
   * @param server counters of the process
   */
  public ProxyRuntime(
      ProxyConfig config,
      DataPath path,
      EventLoopGroup loops,
      EventLoop control,
      ConnectionObserver observer,
      ServerStats server) {
    this.config = config;
    this.engine = path.engine();
    this.control = control;
    this.server = server;
    Binder binder = new Binder(config, path, loops, control, observer, server, live);
    this.listeners = new ListenerSet(binder::bind);
    this.dns = new DnsNames(control);
    this.names = new NameTable(dns);
    this.clusterContext =
        new ClusterContext(
            names,
            control,
            new Outside(server.outside, config.allowLinkLocal(), own),
            config.outbound());
    this.removed = new RemovedChains(config.removal(), config.drain().time(), control, live);
    this.revoked = new RevokedRights(config.removal(), RevokedRights.PATIENCE, control, live);
    this.unbound = new Unbound(control, this::retry);
    this.watchdog = new Watchdog(loops, control, server, System::nanoTime);
    this.refresh =
        control.scheduleWithFixedDelay(
            names::refresh, REFRESH_SECONDS, REFRESH_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Puts a configuration in force, whole or not at all. New connections see it; live ones are
   * touched only when their chain is gone. Once {@link #closeListeners} was called, nothing is
   * listened on any more; after {@link #close} this does nothing.
   *
   * @throws BindException when an address cannot be listened on; then nothing has changed
   * @throws IllegalArgumentException when two chains of a listener take the same connections; then
   *     nothing has changed
   */
  public synchronized void apply(ProxySnapshot next) throws BindException {
    if (closed) {
      return; // a reload that was under way
    }
    ShardedMap<Cluster> found = clusters(next);
    List<Listener> added = List.of();
    Map<String, SniTable> built = Map.of();
    boolean whole = false;
    try {
      built = tables(next, found);
      added = listeners.open(next, built);
      whole = true;
    } finally {
      if (!whole) {
        abandon();
      }
    }
    commit(next, found, built, added);
    settle(Map.of());
  }

  /** A configuration is not to be: names that only it has are asked for no more. */
  private void abandon() {
    server.config.listenerFailures.increment();
    forgetNames(snapshot);
  }

  /**
   * As {@link #apply}, but a listener whose address cannot be listened on does not keep the others
   * from serving: a control plane does not take back what it said. One that had another address
   * before stays there. The address is tried again with every update and every few seconds; until
   * then the proxy is not ready if the listener is for traffic and is bound nowhere. Nor is it as
   * long as there are chains and none can serve: what they lack is on its way.
   *
   * @return why a listener is not bound, by its name; empty when all is well
   * @throws IllegalArgumentException when two chains of a listener take the same connections; then
   *     nothing has changed
   */
  public synchronized Map<String, String> applyPartly(ProxySnapshot next) {
    if (closed) {
      return Map.of();
    }
    ShardedMap<Cluster> found = clusters(next);
    Map<String, SniTable> built = Map.of();
    boolean whole = false;
    try {
      built = tables(next, found);
      whole = true;
    } finally {
      if (!whole) {
        server.configRejected.increment();
        abandon();
      }
    }
    Map<String, String> problems = new LinkedHashMap<>();
    List<Listener> added = listeners.openSome(next, built, problems);
    server.config.listenerFailures.add(problems.size());
    commit(next, found, built, added);
    standstill.now(built.values());
    settle(problems);
    return unbound.problems();
  }

  /** Why a listener of the configuration in force is not bound, by its name. */
  public Map<String, String> unbound() {
    return unbound.problems();
  }

  /** Completes when the proxy is ready for the first time: what is in force can be reached. */
  public CompletionStage<Void> serving() {
    return serving;
  }

  private synchronized void retry() {
    unbound.begin();
    if (closed || listeners.stopped() || unbound.problems().isEmpty()) {
      return;
    }
    Map<String, String> problems = new LinkedHashMap<>();
    List<Listener> added = listeners.openSome(snapshot, tables, problems);
    listeners.swap(tables, added);
    added.forEach(one -> log.info("listener {}: bound at last", one.spec().name()));
    settle(problems);
  }

  /** What could be bound is; this could not. */
  private void settle(Map<String, String> problems) {
    unbound.now(problems, new Standing());
    server.config.listenersUnbound.set(problems.size());
    if (!unbound.missed() && !standstill.isHere()) {
      serving.complete(null);
    }
  }

  private void commit(
      ProxySnapshot next,
      ShardedMap<Cluster> found,
      Map<String, SniTable> built,
      List<Listener> added) {
    Set<String> hosts = new HashSet<>(); // of what changes
    snapshot
        .clusters()
        .compare(
            next.clusters(),
            (name, old, now) -> {
              if (now != null) {
                cluster(found, name).update(now);
              }
              if (old != null) {
                addHosts(old, hosts);
              }
            });
    ShardedMap<Cluster> known = clusters;
    clusters = found;
    known.missingIn(found).forEach(name -> cluster(known, name).close());
    Map<String, SniTable> before = tables;
    if (!built.equals(before)) { // a table that did not change is the same object
      UnusedSubsets.forget(snapshot, next, found);
    }
    tables = built;
    listeners.swap(built, added);
    Map<String, SniTable> inForce = listeners.withHeld(built);
    removed.onChange(before, inForce);
    revoked.onChange(before, inForce);
    if (names.knowsAny(hosts)) {
      forgetNames(next);
    }
    server.config.onApplied(snapshot, next);
    snapshot = next;
    server.configApplied.increment();
    server.configAppliedAtMillis.set(System.currentTimeMillis());
    applied = true;
  }

  /** Those that run already, and new ones. */
  private ShardedMap<Cluster> clusters(ProxySnapshot next) {
    Map<String, Cluster> fresh = new HashMap<>();
    Set<String> gone = new HashSet<>();
    snapshot
        .clusters()
        .compare(
            next.clusters(),
            (name, old, now) -> {
              if (now == null) {
                gone.add(name);
              } else if (old == null) {
                fresh.put(name, new Cluster(now, clusterContext));
              }
            });
    ShardedMap<Cluster> known = clusters;
    return known.isEmpty() ? ShardedMap.copyOf(fresh) : known.with(fresh, gone);
  }

  private Map<String, SniTable> tables(ProxySnapshot next, Map<String, Cluster> found) {
    TableBuilder builder = new TableBuilder(engine, name -> cluster(found, name));
    Map<String, SniTable> built = new LinkedHashMap<>();
    for (ListenerSpec spec : next.listeners()) {
      SniTable before = tables.getOrDefault(spec.name(), SniTable.EMPTY);
      built.put(spec.name(), builder.table(spec, next, before));
    }
    return built;
  }

  private static Cluster cluster(Map<String, Cluster> found, String name) {
    return Objects.requireNonNull(found.get(name), name);
  }

  /** No external service leads to this port of the process, as none leads to a listener. */
  public void addOwn(InetSocketAddress bound) {
    own.add(bound);
  }

  /** A running cluster of the configuration in force, for engines; null when there is none. */
  public @Nullable Cluster cluster(String name) {
    return clusters.get(name);
  }

  private void forgetNames(ProxySnapshot unlessIn) {
    if (!names.isEmpty()) {
      Set<String> wanted = hosts(unlessIn);
      wanted.addAll(config.outbound().hosts());
      names.retain(wanted);
    }
  }

  private static Set<String> hosts(ProxySnapshot of) {
    Set<String> hosts = new HashSet<>();
    of.clusters().forEach((name, cluster) -> addHosts(cluster, hosts));
    return hosts;
  }

  private static void addHosts(ClusterSpec of, Set<String> hosts) {
    for (LocalityEndpoints group : of.localities()) {
      group.endpoints().forEach(endpoint -> hosts.add(endpoint.address().host()));
    }
  }

  /** Stops accepting at once; live connections go on. */
  public synchronized void closeListeners() {
    listeners.close();
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
      engine.onDrain();
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
    watchdog.close();
    clusters.values().forEach(Cluster::close);
    dns.close();
  }

  @Override
  public State state() {
    if (ending) {
      return State.DRAINING;
    }
    if (!applied || unbound.missed() || standstill.isHere()) {
      return State.INITIALIZING;
    }
    return failing ? State.DRAINING : State.LIVE;
  }

  @Override
  public List<ListenerStatus> listeners() {
    return listeners.statuses();
  }

  @Override
  public SortedMap<String, Pipe> pipes() {
    return listeners.pipes();
  }

  @Override
  public Optional<Refusal> refusal(
      String listener, String serverName, TransportProtocol transport) {
    SniTable table = tables.getOrDefault(listener, SniTable.EMPTY);
    FilterChain chain = table.match(new Opening(serverName, transport));
    return chain instanceof FilterChain.Refuse refuse
        ? Optional.of(new Refusal(refuse.reason(), refuse.detail()))
        : Optional.empty();
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

  /** Connections open now, those that the proxy itself answers not counted. */
  public int openConnections() {
    return live.count();
  }

  /** What is left of a listener that could not be bound. */
  private final class Standing implements Unbound.Standing {
    @Override
    public Optional<Address> servedAt(String listener) {
      return listeners.servedAt(listener);
    }

    @Override
    public boolean isForTraffic(String listener) {
      return tables.getOrDefault(listener, SniTable.EMPTY).routes() > 0;
    }
  }

  /** What a drain acts on. */
  private final class DrainTarget implements Drain.Target {
    @Override
    public long accepted() {
      return server.connections.sum() - server.ownConnections.sum();
    }

    @Override
    public int open() {
      return live.count();
    }

    @Override
    public boolean listens() {
      return !listeners.statuses().isEmpty();
    }

    @Override
    public void stopAccepting() {
      // Closing waits for the event loops, and this runs on one.
      new Thread(ProxyRuntime.this::closeListeners, "zoneproxy-drain").start();
    }

    @Override
    public boolean stopped() {
      return listeners.stopped();
    }

    @Override
    public int cut(int most) {
      return live.cut(most, connection -> !connection.own(), CloseReason.DRAINED);
    }
  }
}
