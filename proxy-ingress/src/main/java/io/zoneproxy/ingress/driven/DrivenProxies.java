package io.zoneproxy.ingress.driven;

import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.cp.session.ControlPlaneSession;
import io.zoneproxy.ingress.ZoneProxy;
import io.zoneproxy.ingress.controlplane.ControlPlaneConfig;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of all proxies of the process, and the one configuration that they make together. It
 * is put in force once each of them has one. Any thread.
 */
public final class DrivenProxies implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DrivenProxies.class);

  /** Role of a zone's one egress for all meshes; a mesh's own has external services only. */
  private static final String ZONE_EGRESS = "egress";

  private final ZoneProxy proxy;
  private final List<ControlPlaneSession> sessions = new ArrayList<>();
  private final List<ManagedProxy> managed;
  private final int expected;
  private final Map<String, ProxySnapshot> byRole = new HashMap<>(); // guarded by this
  private final CompletableFuture<String> failed = new CompletableFuture<>();
  private final ChangeLog changes;
  private final ExternalOnlyMeshes externalOnly;
  private final RefusingChains refusing;
  private final Consumer<ProxySnapshot> onListeners;
  private List<ListenerSpec> listeners = List.of(); // in force; guarded by this
  private List<String> problems = List.of(); // of the last merge; guarded by this
  private boolean begun; // guarded by this

  /**
   * Asks nobody yet.
   *
   * @param proxy that the configuration is for
   * @param version of this program
   * @param keep whether the work folder outlives the run
   * @param loops for connections to control planes; NIO
   * @param onListeners told of a configuration in force whose listeners differ from those before
   * @throws io.zoneproxy.ingress.flags.UsageException for what is wrong before anybody is asked
   */
  public DrivenProxies(
      ControlPlaneConfig config,
      ZoneProxy proxy,
      String version,
      boolean keep,
      EventLoopGroup loops,
      Consumer<ProxySnapshot> onListeners) {
    this.proxy = proxy;
    this.onListeners = onListeners;
    this.managed = config.proxies();
    this.expected = managed.size();
    this.changes =
        new ChangeLog(
            log::info,
            this::refused,
            proxy.view().server().controlPlane,
            System::nanoTime,
            after(ChangeLog.PAUSE_NANOS));
    this.externalOnly =
        new ExternalOnlyMeshes(
            log::warn, proxy.view().server().controlPlane, after(ExternalOnlyMeshes.PAUSE_NANOS));
    this.refusing =
        new RefusingChains(log::warn, log::info, proxy.view(), after(RefusingChains.PAUSE_NANOS));
    Sessions settings = new Sessions(config, version, keep);
    for (ManagedProxy one : config.proxies()) {
      sessions.add(
          new ControlPlaneSession(
              settings.of(one), new Told(one), loops, proxy.view().server().controlPlane));
    }
  }

  private static Executor after(long nanos) {
    return CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS);
  }

  /** Begins. */
  public void start() {
    sessions.forEach(ControlPlaneSession::start);
    Thread checks = new Thread(this::checkAddresses, "zoneproxy-advertised"); // a resolver may wait
    checks.setDaemon(true);
    checks.start();
  }

  private void checkAddresses() {
    for (ManagedProxy proxy : managed) {
      AdvertisedAddress.problem(proxy).ifPresent(why -> log.warn("{}: {}", proxy.id(), why));
    }
  }

  /** In the order of the proxies. */
  public List<ControlPlaneSession> sessions() {
    return List.copyOf(sessions);
  }

  /** Why a listener of one of them is not bound, by the name that its control plane gives it. */
  Map<String, String> unbound(ControlPlaneSession of) {
    Map<String, String> all = proxy.unbound();
    if (managed.size() == 1 || all.isEmpty()) {
      return all;
    }
    String role = managed.get(sessions.indexOf(of)).role().proxyType() + "/";
    Map<String, String> own = new HashMap<>();
    all.forEach(
        (name, why) -> {
          if (name.startsWith(role)) {
            own.put(name.substring(role.length()), why);
          }
        });
    return own;
  }

  /**
   * Whom the control plane takes the first one for, as JSON; an empty object before it is known.
   */
  public String node() {
    return sessions
        .get(0)
        .bootstrapped()
        .map(told -> told.text().get("node").toString())
        .orElse("{}");
  }

  /** Completes with the reason when one of them cannot begin, and trying again is of no use. */
  public CompletableFuture<String> failed() {
    return failed;
  }

  /** A drain begins. */
  public void onDrain() {
    sessions.forEach(ControlPlaneSession::onDrain);
  }

  /** Ends the sessions and waits for that; what is in force stays. Not on an event loop. */
  @Override
  public void close() {
    sessions.forEach(ControlPlaneSession::close);
    sessions.forEach(ControlPlaneSession::awaitEnd); // the event loops end next
  }

  private synchronized void take(String role, ProxySnapshot snapshot) {
    byRole.put(role, snapshot);
    if (byRole.size() < expected) {
      return;
    }
    ProxySnapshot merged;
    try {
      merged = merged();
      proxy.apply(merged);
    } catch (IllegalArgumentException e) { // two chains that take the same connections
      log.error("configuration refused, what was good before stays in force: {}", e.getMessage());
      return;
    }
    if (!merged.listeners().equals(listeners)) { // the same objects when only endpoints change
      listeners = merged.listeners();
      onListeners.accept(merged);
    }
    changes.onApplied(merged);
    refusing.onApplied();
    if (role.equals(ZONE_EGRESS)) {
      externalOnly.onApplied(snapshot);
    }
    if (!begun) {
      begun = true;
      String limits = LimitsText.of(merged);
      if (!limits.isEmpty()) {
        log.info("circuit breakers: {}", limits);
      }
    }
  }

  /** In the order of the proxies: which one comes first must not depend on who answers first. */
  private ProxySnapshot merged() {
    Map<String, ProxySnapshot> inOrder = new LinkedHashMap<>();
    for (ManagedProxy one : managed) {
      String role = one.role().proxyType();
      ProxySnapshot snapshot = byRole.get(role);
      if (snapshot != null) {
        inOrder.put(role, snapshot);
      }
    }
    SnapshotMerge.Merged merged = SnapshotMerge.merge(inOrder);
    if (!merged.problems().equals(problems)) {
      problems = merged.problems();
      problems.forEach(log::warn);
    }
    return merged.snapshot();
  }

  private List<String> refused() {
    return sessions.stream().flatMap(session -> session.refused().stream()).toList();
  }

  /** One session's voice. */
  private final class Told implements ControlPlaneSession.SnapshotSink {
    private final ManagedProxy one;

    Told(ManagedProxy one) {
      this.one = one;
    }

    @Override
    public void onSnapshot(ProxySnapshot snapshot) {
      take(one.role().proxyType(), snapshot);
    }

    @Override
    public void onKept(ProxySnapshot snapshot) {
      KeptAddress.problem(one, snapshot).ifPresent(why -> log.warn("{}: {}", one.id(), why));
    }

    @Override
    public void onFailed(String why) {
      failed.complete(why);
    }
  }
}
