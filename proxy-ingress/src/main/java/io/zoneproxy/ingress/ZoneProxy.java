package io.zoneproxy.ingress;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import io.zoneproxy.core.config.DescriptorBudget;
import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.listener.BindException;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ProxyView;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.relay.Relay;
import io.zoneproxy.core.relay.portable.Transport;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.route.ChainEngine;
import io.zoneproxy.core.runtime.ProxyRuntime;
import io.zoneproxy.core.runtime.Relays;
import io.zoneproxy.core.upstream.Cluster;
import io.zoneproxy.ingress.explain.RefusedChains;
import io.zoneproxy.ingress.translate.ChainKey;
import io.zoneproxy.ingress.translate.RouteOwner;
import io.zoneproxy.ingress.translate.Translation;
import io.zoneproxy.ingress.translate.ZoneNames;
import io.zoneproxy.tls.hello.ClientHelloParser;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running proxy in one role or several: the one place where the parts are put together. It opens
 * no port but its listeners, keeps no static state, and never ends the process. Methods are for any
 * thread but its event loops.
 */
public final class ZoneProxy implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ZoneProxy.class);

  /** Services that are said to be refused, each in a line; the others are counted. */
  private static final int MOST_REFUSALS = 10;

  private final List<OwnProxy> own;
  private final String zone;
  private final UnaryOperator<ProxySnapshot> finish;
  private final FileSecrets secrets;
  private final ProxyRuntime runtime;
  private final EventLoopGroup control;
  private final @Nullable EventLoopGroup ownLoops;
  private final String relay;
  private volatile List<Problem> notices = List.of();
  private Map<ChainKey, RouteOwner> owners = Map.of(); // guarded by this

  private ZoneProxy(Builder builder) {
    own = List.copyOf(builder.own);
    zone = builder.zone;
    finish = builder.finish;
    secrets = new FileSecrets(builder.secrets);
    // Two: a long page of the admin port must not hold up probes of readiness, names and drains.
    control = Transport.loops(2, "zoneproxy-control");
    EventLoopGroup given = builder.loops;
    Relay data = given == null ? Relays.best() : Relays.fitting(given);
    relay = data.name();
    EventLoopGroup loops = given != null ? given : data.loops(builder.concurrency, "zoneproxy");
    ownLoops = given != null ? null : loops;
    HelloLimits hello = builder.config.hello();
    runtime =
        new ProxyRuntime(
            builder.config,
            new ProxyRuntime.DataPath(data, ClientHelloParser.factory(hello), builder.engine),
            loops,
            control.next(),
            builder.observer,
            builder.stats);
  }

  /** Begins with nothing but defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Puts other resources in force. New connections see them; a live one is touched only when its
   * chain is gone.
   *
   * @return what is not served, and why
   * @throws BindException when an address cannot be listened on; nothing has changed then
   */
  public synchronized List<Problem> apply(Resources resources) throws BindException {
    Translation translation =
        Translation.merge(own.stream().map(one -> one.translate(resources, zone)).toList());
    runtime.apply(finish.apply(secrets.complete(translation.snapshot(), resources)));
    List<Problem> odd = new ArrayList<>(ZoneNames.check(resources, zone));
    odd.addAll(translation.notices());
    odd.addAll(secrets.problems());
    owners = translation.owners();
    odd.addAll(refusals());
    notices = List.copyOf(odd);
    return notices;
  }

  /**
   * One for each service and reason, the first of them named; what the whole mesh lacks the
   * secrets' problems say.
   */
  private List<Problem> refusals() {
    List<RefusedChains.Refused> refused = RefusedChains.of(runtime);
    int before = runtime.server().config.chainsRefusing.getAndSet(refused.size());
    if (before > 0 && refused.isEmpty()) {
      log.info(RefusedChains.OVER);
    }
    Set<Problem> all = new LinkedHashSet<>(); // one a service, not one a server name
    for (RefusedChains.Refused one : refused) {
      RouteOwner owner = owners.get(new ChainKey(one.listener(), one.chain().serverName()));
      if (owner != null && FileSecrets.isComplete(one.chain(), runtime.snapshot())) {
        all.add(owner.refused(one.reason()));
      }
    }
    List<Problem> problems = List.copyOf(all);
    if (problems.size() <= MOST_REFUSALS) {
      return problems;
    }
    List<Problem> said = new ArrayList<>(problems.subList(0, MOST_REFUSALS));
    Problem next = problems.get(MOST_REFUSALS);
    said.add(
        Problem.warning(
            next.source(),
            "",
            "%d more services refuse every connection, this one the first of them (validate names all)"
                .formatted(problems.size() - MOST_REFUSALS)));
    return said;
  }

  /**
   * Asks for secrets again whose time has come, identities that end soon for example. Handshakes
   * that begin later use the new ones; no connection is touched.
   *
   * @return what is wrong with them now; empty when nothing has changed
   */
  public synchronized List<Problem> renewSecrets() throws BindException {
    Optional<ProxySnapshot> renewed = secrets.renew(runtime.snapshot());
    if (renewed.isEmpty()) {
      return List.of();
    }
    runtime.apply(renewed.get());
    List<Problem> odd = new ArrayList<>(secrets.problems());
    odd.addAll(refusals());
    return odd;
  }

  /**
   * Puts a control plane's configuration in force, as far as that can be done: a listener whose
   * address is taken does not keep the others from serving, and is tried again.
   *
   * @return why a listener is not bound, by its name
   */
  public Map<String, String> apply(ProxySnapshot snapshot) {
    return runtime.applyPartly(snapshot);
  }

  /** Runs something once, when a first configuration is in force and its addresses are bound. */
  public void onServing(Runnable task) {
    runtime.serving().thenRun(task);
  }

  /** Why a listener of the configuration in force is not bound, by its name. */
  public Map<String, String> unbound() {
    return runtime.unbound();
  }

  /** What the configuration in force does not serve, and why. */
  public List<Problem> notices() {
    return notices;
  }

  /** What moves the bytes: {@code epoll} or {@code portable}. */
  public String relay() {
    return relay;
  }

  /** What can be seen of it. */
  public ProxyView view() {
    return runtime;
  }

  /** A running cluster of the configuration in force; null when there is none of this name. */
  public @Nullable Cluster cluster(String name) {
    return runtime.cluster(name);
  }

  /** No external service leads to this port of the process, as none leads to a listener. */
  public void addOwn(InetSocketAddress bound) {
    runtime.addOwn(bound);
  }

  /** Connections open now. */
  public int openConnections() {
    return runtime.openConnections();
  }

  /** One of the two event loops beside the data path, in turns, for admin ports and the like. */
  public EventLoop controlLoop() {
    return control.next();
  }

  /** Stops accepting at once; live connections go on. Waits for the event loops. */
  public void closeListeners() {
    runtime.closeListeners();
  }

  /** Makes readiness fail, or takes that back, without draining. */
  public void failReadiness(boolean fail) {
    runtime.failReadiness(fail);
  }

  /**
   * Ends it gently: not ready at once, accepting a while longer, then waiting for connections.
   *
   * @return completes with the number of connections that were cut; complete it to end the drain at
   *     once. {@link #close} is still owed
   */
  public CompletableFuture<Integer> drain() {
    return runtime.drain();
  }

  /** Ends everything at once and waits for its own event loops; those that were given stay. */
  @Override
  public void close() {
    runtime.close();
    List<Future<?>> ending = new ArrayList<>();
    EventLoopGroup mine = ownLoops;
    if (mine != null) {
      ending.add(mine.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    }
    ending.add(control.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    ending.forEach(Future::syncUninterruptibly);
  }

  /** Settings of a proxy that is to start. Not for use by several threads. */
  public static final class Builder {
    private final List<OwnProxy> own = new ArrayList<>();
    private String zone = "";
    private ProxyConfig config =
        ProxyConfig.withMaxConnections(DescriptorBudget.ofProcess().connections());
    private int concurrency = Runtime.getRuntime().availableProcessors();
    private @Nullable EventLoopGroup loops;
    private ConnectionObserver observer = ConnectionObserver.NONE;
    private ServerStats stats = new ServerStats();
    private UnaryOperator<ProxySnapshot> finish = UnaryOperator.identity();
    private ChainEngine engine = ChainEngine.NONE;
    private SecretSource secrets = SecretSource.NONE;

    private Builder() {}

    /** Adds a role; at least one is needed. */
    public Builder own(OwnProxy proxy) {
      own.add(proxy);
      return this;
    }

    /** The own zone's name. */
    public Builder zone(String name) {
      zone = name;
      return this;
    }

    /** Limits and times; the command line's defaults otherwise. */
    public Builder config(ProxyConfig settings) {
      config = settings;
      return this;
    }

    /** How many event loops of its own; one for each CPU otherwise. At least 1. */
    public Builder concurrency(int threads) {
      concurrency = threads;
      return this;
    }

    /**
     * Runs on these event loops instead of its own; they are not shut down with it. Netty's epoll
     * loops have the fast relay, others the portable one, which wants NIO loops.
     */
    public Builder eventLoops(EventLoopGroup shared) {
      loops = shared;
      return this;
    }

    /** Told of every connection's end. */
    public Builder observer(ConnectionObserver told) {
      observer = told;
      return this;
    }

    /** Counts into these, for whoever shares them: an access log, for example. */
    public Builder stats(ServerStats counters) {
      stats = counters;
      return this;
    }

    /** Changes each configuration before it is put in force: chains that no resource gives. */
    public Builder finish(UnaryOperator<ProxySnapshot> change) {
      finish = change;
      return this;
    }

    /** Serves the chains that are more than a relay; without one they are refused. */
    public Builder engine(ChainEngine serving) {
      engine = serving;
      return this;
    }

    /** Gives the secrets that chains of resource files name; without one they are refused. */
    public Builder secrets(SecretSource source) {
      secrets = source;
      return this;
    }

    /** Starts it without a configuration: it is not ready, and the first one comes later. */
    public ZoneProxy startEmpty() {
      return new ZoneProxy(this);
    }

    /**
     * Starts it.
     *
     * @return running, with these resources in force
     * @throws BindException when an address cannot be listened on; nothing is left behind
     */
    public ZoneProxy start(Resources resources) throws BindException {
      if (own.isEmpty()) {
        throw new IllegalStateException("no role (expected: own(…) at least once)");
      }
      ZoneProxy proxy = new ZoneProxy(this);
      try {
        proxy.apply(resources);
        return proxy;
      } catch (BindException | RuntimeException e) {
        proxy.close();
        throw e;
      }
    }
  }
}
