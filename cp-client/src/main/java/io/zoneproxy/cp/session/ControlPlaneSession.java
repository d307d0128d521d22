package io.zoneproxy.cp.session;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.ads.AdsClient;
import io.zoneproxy.cp.ads.AdsSettings;
import io.zoneproxy.cp.ads.Patience;
import io.zoneproxy.cp.assemble.Assembler;
import io.zoneproxy.cp.assemble.Notices;
import io.zoneproxy.cp.assemble.Timing;
import io.zoneproxy.cp.bootstrap.Bootstrap;
import io.zoneproxy.cp.bootstrap.BootstrapClient;
import io.zoneproxy.cp.bootstrap.BootstrapException;
import io.zoneproxy.cp.bootstrap.ProxyIdentity;
import io.zoneproxy.cp.fields.FieldCheck;
import io.zoneproxy.cp.fields.FieldTable;
import io.zoneproxy.cp.fields.KnownTypes;
import io.zoneproxy.cp.fields.XdsTypes;
import io.zoneproxy.cp.lastgood.LastKnownGood;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.sds.SecretServers;
import io.zoneproxy.cp.translate.value.FieldGate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One proxy and its control plane: what is on disk serves at once, then the bootstrap is asked for,
 * then the stream is kept open. Every configuration that is whole goes to the sink.
 *
 * <p>Everything happens on one thread of its own, but for the call for the bootstrap and the disk,
 * which have one each. Methods are for any thread.
 */
public final class ControlPlaneSession implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlPlaneSession.class);

  /** A call that was refused for good is made again: what served then may not be there for ever. */
  private static final long AGAIN_SECONDS = 5;

  /** Often enough to say within some seconds what is missing. */
  private static final long LOOK_SECONDS = 1;

  /** More than the second that gRPC is given to end its connection. */
  private static final long END_SECONDS = 3;

  private final SessionSettings settings;
  private final SnapshotSink snapshots;
  private final EventLoopGroup loops;
  private final ControlPlaneStats stats;
  private final ScheduledExecutorService executor;
  private final ResourceStore store = new ResourceStore();
  private final Assembler assembler;
  private final SecretServers secretServers;
  private final Optional<LastGoodKeeper> keeper;
  private final AvailableServices available = new AvailableServices(); // of the thread

  private volatile @Nullable AdsClient client;
  private volatile @Nullable Told bootstrap;
  private volatile @Nullable Instant keptSince; // null: not serving from disk
  private boolean keptTold; // of the thread
  private volatile @Nullable ProxySnapshot served; // null: nothing has been whole yet
  private final AtomicBoolean closing = new AtomicBoolean();
  private volatile boolean draining;
  private final String name;
  private @Nullable Thread bootstrapping; // guarded by this; null: not asked yet

  /**
   * Does nothing yet.
   *
   * @param loops for its sockets; NIO
   * @param stats told how it goes
   */
  public ControlPlaneSession(
      SessionSettings settings,
      SnapshotSink snapshots,
      EventLoopGroup loops,
      ControlPlaneStats stats) {
    this.settings = settings;
    this.snapshots = snapshots;
    this.loops = loops;
    this.stats = stats;
    this.name = "zoneproxy-cp-" + settings.request().proxy().name();
    this.executor = new SessionThread(name);
    KnownTypes types = XdsTypes.KNOWN;
    FieldGate gate = FieldGate.of(new FieldCheck(FieldTable.load(), types), stats::onIgnored);
    this.assembler = new Assembler(gate, store, Timing.DEFAULT, executor, this::onAssembled);
    this.secretServers = new SecretServers(owner(settings), gate, assembler, loops, executor);
    this.keeper =
        settings.kept().map(kept -> new LastGoodKeeper(file(kept, types), store, executor));
  }

  private LastKnownGood file(KeptSettings kept, KnownTypes types) {
    return new LastKnownGood(kept.folder(), owner(settings), kept.keyFile(), types);
  }

  /** The proxy as the control plane knows it. */
  private static String owner(SessionSettings settings) {
    ProxyIdentity proxy = settings.request().proxy();
    return proxy.mesh() + "." + proxy.name();
  }

  /** Told what becomes of it, on the session's thread. */
  public interface SnapshotSink {
    /** A configuration that is whole. */
    void onSnapshot(ProxySnapshot snapshot);

    /** What is on disk is about to be served, and comes to {@link #onSnapshot} next; once. */
    default void onKept(ProxySnapshot snapshot) {}

    /** It cannot begin, and trying again is of no use; nothing follows. */
    void onFailed(String why);
  }

  /**
   * What the control plane told us to begin with.
   *
   * @param at when it did
   */
  private record Told(Bootstrap bootstrap, Instant at) {}

  /** Begins. */
  public synchronized void start() {
    executor.execute(this::serveKept);
    Warnings warnings = new Warnings(assembler, stats);
    executor.scheduleWithFixedDelay(warnings::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    // Not beside the one before: what is on disk serves sooner when it has the processors.
    executor.execute(this::askForBootstrap);
  }

  /** What is on disk serves until something newer comes. */
  private void serveKept() {
    if (keeper.isEmpty()) {
      return;
    }
    try {
      keeper.get().load().ifPresent(this::serve);
    } catch (IOException e) {
      log.warn("last known good configuration {}", e.getMessage());
    }
  }

  private void serve(LastKnownGood.Kept kept) {
    Map<ResourceType, List<RawResource>> byType = new EnumMap<>(ResourceType.class);
    for (RawResource each : kept.resources()) {
      byType.computeIfAbsent(each.type(), type -> new ArrayList<>()).add(each);
    }
    serveSince(kept.saved());
    for (ResourceType type : ResourceType.values()) {
      assembler
          .onUpdate(type, byType.getOrDefault(type, List.of()), List.of())
          .forEach(problem -> log.warn("last known good configuration: {}", problem));
    }
    assembler.onComplete();
    Duration age = Duration.between(kept.saved(), Instant.now());
    log.warn(
        "serving the last known good configuration, {} s old, until the control plane answers",
        age.toSeconds());
    Duration left = settings.kept().orElseThrow().maxAge().minus(age);
    // Rounded up: a look that comes too early would find it young, and be the last one.
    executor.schedule(this::closeDeciding, Math.max(0, left.toMillis() + 1), TimeUnit.MILLISECONDS);
  }

  private void serveSince(@Nullable Instant saved) {
    keptSince = saved;
    stats.lastKnownGoodAtMillis.set(saved == null ? 0 : saved.toEpochMilli());
  }

  private void closeDeciding() {
    if (keptSince != null) {
      publishServed();
    }
  }

  private void onAssembled(ProxySnapshot snapshot) {
    served = snapshot;
    try {
      publish(snapshot);
    } finally { // what it waits for may be what is missing
      secretServers.onConfiguration(snapshot.clusters(), assembler.otherSecrets());
    }
  }

  private void publishServed() {
    ProxySnapshot now = served;
    if (now != null) {
      publish(now);
    }
  }

  private void publish(ProxySnapshot snapshot) {
    Instant since = keptSince;
    if (since == null) {
      snapshots.onSnapshot(snapshot);
      keeper.ifPresent(LastGoodKeeper::changed);
      return;
    }
    if (!keptTold) {
      keptTold = true;
      snapshots.onKept(snapshot);
    }
    Duration maxAge = settings.kept().orElseThrow().maxAge();
    boolean tooOld = Duration.between(since, Instant.now()).compareTo(maxAge) >= 0;
    snapshots.onSnapshot(tooOld ? StaleConfiguration.closed(snapshot, maxAge) : snapshot);
  }

  private void bootstrap() {
    BootstrapClient caller = new BootstrapClient(settings.address(), settings.trust(), loops);
    try {
      Bootstrap answer = caller.fetch(settings.request(), settings.retries(), keptSince != null);
      later(() -> connect(answer));
    } catch (BootstrapException e) {
      if (keptSince == null) {
        later(() -> snapshots.onFailed(String.valueOf(e.getMessage())));
      } else {
        log.warn("control plane {}; the last known good configuration serves on", e.getMessage());
        long pause = e.worthRetrying() ? 0 : AGAIN_SECONDS; // the former were long in coming
        later(() -> executor.schedule(this::askForBootstrap, pause, TimeUnit.SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } catch (RuntimeException | StackOverflowError e) { // an answer that nobody thought of
      log.error("control plane {}: a mistake of this program", settings.address(), e);
      later(() -> snapshots.onFailed("the bootstrap cannot be read: " + e.getClass().getName()));
    }
  }

  private void later(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("closed meanwhile");
    }
  }

  private synchronized void askForBootstrap() {
    if (!isOver()) {
      Thread asking = new Thread(this::bootstrap, name + "-bootstrap");
      asking.setDaemon(true);
      asking.start();
      bootstrapping = asking;
    }
  }

  /** Whether no stream is to be opened any more: it would register what is about to go. */
  private boolean isOver() {
    return closing.get() || draining;
  }

  private void connect(Bootstrap answer) {
    if (isOver()) {
      return;
    }
    bootstrap = new Told(answer, Instant.now());
    AdsSettings ads =
        new AdsSettings(
            answer.ads(),
            () -> node(answer),
            settings.tokens(),
            answer.protocols(),
            Patience.DEFAULT);
    AdsClient opened = new AdsClient(ads, store, new Sink(), loops, executor, stats);
    client = opened;
    opened.start();
  }

  /** An ingress that has served before registers what it serves. */
  private Node node(Bootstrap answer) {
    boolean ingress = settings.request().proxy().type().equals(ProxyIdentity.INGRESS);
    String resource = answer.resource();
    ProxySnapshot now = served;
    return ingress && !resource.isEmpty() && now != null
        ? answer.nodeWith(available.in(resource, now))
        : answer.node();
  }

  /** What comes over the stream takes the place of what was on disk once it is whole. */
  private final class Sink implements ResourceSink {
    @Override
    public List<String> onUpdate(
        ResourceType type, List<RawResource> changed, Collection<String> removed) {
      return assembler.onUpdate(type, changed, removed);
    }

    @Override
    public void onComplete() {
      boolean wasKept = keptSince != null;
      serveSince(null);
      assembler.onComplete();
      if (wasKept) {
        log.info("the control plane is back: what it sends is in force");
        // Also when nothing has changed: its age is over. A failure must not end the stream.
        SessionThread.run(ControlPlaneSession.this::publishServed);
      }
    }
  }

  /** What has come; for the dump. */
  public ResourceStore store() {
    return store;
  }

  /** Names of secrets that listeners wait for. */
  public Set<String> awaitedSecrets() {
    Notices notices = assembler.notices();
    ProxySnapshot now = served;
    Set<String> awaited = new TreeSet<>(notices.secrets().keySet());
    for (SecretName other : notices.otherSecrets()) {
      if (now == null || !now.secrets().containsKey(other)) {
        awaited.add(other.name());
      }
    }
    return awaited;
  }

  /** Resources whose newest version is refused, by type and name. */
  public Set<String> refused() {
    return assembler.refused();
  }

  /** What the control plane told us to begin with; empty before. */
  public Optional<Bootstrap> bootstrapped() {
    return Optional.ofNullable(bootstrap).map(Told::bootstrap);
  }

  /** When it did; 1970 before. */
  public Instant bootstrappedAt() {
    return Optional.ofNullable(bootstrap).map(Told::at).orElse(Instant.EPOCH);
  }

  /**
   * A drain begins: a proxy that has registered itself is taken out by the control plane once its
   * stream ends, so that is at once. One whose resource the control plane has from elsewhere keeps
   * its stream: its readiness tells the others.
   */
  public void onDrain() {
    if (!settings.request().proxy().resource().isEmpty()) {
      later(this::drain);
    }
  }

  private void drain() {
    draining = true;
    interruptBootstrap();
    AdsClient open = client;
    if (open != null) {
      open.close();
    }
  }

  private synchronized void interruptBootstrap() {
    Thread asking = bootstrapping;
    if (asking != null) {
      asking.interrupt();
    }
  }

  /** Ends the stream at once; what was published stays in force. Again does nothing. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    interruptBootstrap();
    secretServers.close(); // before the end, which stops the thread
    executor.execute(this::end);
  }

  /**
   * Waits until nothing of a closed session runs any more, so that the event loops given to it may
   * be ended: gRPC still puts tasks on them. Any thread but those; bounded, for a loop that hangs
   * must not hold the end of the program.
   */
  public void awaitEnd() {
    try {
      if (!executor.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        log.debug("the session has not ended within {} s", END_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** gRPC needs the thread until its connection is gone. */
  private void end() {
    keeper.ifPresent(LastGoodKeeper::close);
    AdsClient open = client;
    if (open == null) {
      executor.shutdown();
    } else {
      open.cut();
      open.closed().whenComplete((nothing, never) -> executor.shutdown());
    }
  }
}
