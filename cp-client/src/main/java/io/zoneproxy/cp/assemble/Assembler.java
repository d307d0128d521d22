package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.resource.SecretSink;
import io.zoneproxy.cp.translate.value.FieldGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the control plane sends, translated, and makes snapshots of it: the first one when all
 * has come, another one after each push that changes something.
 *
 * <p>A resource that cannot be served leaves its last good version in force. A cluster whose
 * endpoints have not come is waited for; one that was removed stays as long as a listener names it.
 */
public final class Assembler implements ResourceSink, SecretSink {
  /** Changes that never pause are published all the same, after so many times the quiet time. */
  private static final int MOST_QUIET = 20;

  private final Object lock = new Object();
  private final Assembly assembly;
  private final Timing timing;
  private final ScheduledExecutorService executor;
  private final Consumer<ProxySnapshot> publish;

  private boolean scheduled; // guarded by lock, as all below
  private boolean waking; // a look at what is waited for is scheduled
  private boolean structural; // clusters or listeners have changed since the last snapshot
  private long first; // nanoTime of the first change since the last snapshot
  private long due; // nanoTime
  private @Nullable ProxySnapshot last;
  private boolean owed; // what was to be published last has failed; of the executor's thread

  /**
   * @param gate what finds fields that no translator asks for
   * @param store gets the resources in force
   * @param timing when to publish
   * @param executor publishes; of one thread, or snapshots could overtake each other
   * @param publish called by the executor, with snapshots that differ from the one before; what it
   *     fails to take comes again with the next change
   */
  public Assembler(
      FieldGate gate,
      ResourceStore store,
      Timing timing,
      ScheduledExecutorService executor,
      Consumer<ProxySnapshot> publish) {
    this.assembly = new Assembly(gate, store, timing.warming().toNanos());
    this.timing = timing;
    this.executor = executor;
    this.publish = publish;
  }

  /** A whole set of resources at once; nothing is waited for. */
  public static Assembled of(FieldGate gate, Collection<RawResource> resources) {
    Assembly assembly = new Assembly(gate, new ResourceStore(), 0);
    Map<ResourceType, List<RawResource>> byType = new EnumMap<>(ResourceType.class);
    resources.forEach(raw -> byType.computeIfAbsent(raw.type(), any -> new ArrayList<>()).add(raw));
    long now = System.nanoTime();
    byType.forEach((type, changed) -> assembly.update(type, changed, List.of(), now));
    Notices before = assembly.notices(now, Duration.ZERO);
    assembly.complete();
    ProxySnapshot snapshot = assembly.build(now).orElse(ProxySnapshot.EMPTY);
    Notices after = assembly.notices(now, Duration.ZERO);
    return new Assembled(
        snapshot,
        new Notices(
            after.secrets(),
            after.waitingChains(),
            after.otherSecrets(),
            before.warming(),
            after.missing(),
            after.refused(),
            after.notes()));
  }

  @Override
  public List<String> onUpdate(
      ResourceType type, List<RawResource> changed, Collection<String> removed) {
    synchronized (lock) {
      long now = System.nanoTime();
      List<String> problems = assembly.update(type, changed, removed, now);
      changed(type == ResourceType.CLUSTER || type == ResourceType.LISTENER, now);
      return problems;
    }
  }

  @Override
  public void onComplete() {
    synchronized (lock) {
      assembly.complete();
      changed(false, System.nanoTime());
    }
  }

  @Override
  public void onSecret(SecretName name, SecretSpec secret) {
    synchronized (lock) {
      assembly.put(name, secret);
      changed(false, System.nanoTime());
    }
  }

  @Override
  public void onUnneeded(SecretName name) {
    synchronized (lock) {
      assembly.drop(name);
      changed(false, System.nanoTime());
    }
  }

  /** What is waited for, refused, or missing, now. Any thread. */
  public Notices notices() {
    return notices(Duration.ZERO);
  }

  /**
   * The same, with only those clusters that are waited for, or known to be missing, for at least so
   * long: while a large configuration comes, nearly all are. Any thread.
   */
  public Notices notices(Duration patience) {
    synchronized (lock) {
      return assembly.notices(System.nanoTime(), patience);
    }
  }

  /** Resources whose newest version is refused, by type and name; costs less than all notices. */
  public Set<String> refused() {
    synchronized (lock) {
      return assembly.refused();
    }
  }

  /** Secrets of other servers that are named; costs less than all notices. Any thread. */
  public Set<SecretName> otherSecrets() {
    synchronized (lock) {
      return assembly.otherSecrets();
    }
  }

  private void changed(boolean ofStructure, long now) {
    if (!assembly.isComplete()) {
      return;
    }
    if (!scheduled) {
      first = now;
      due = now;
    }
    structural |= ofStructure;
    if (structural) {
      long quiet = timing.quiet().toNanos();
      due = Math.min(now + quiet, first + MOST_QUIET * quiet);
    }
    if (!scheduled) {
      scheduled = true;
      schedule(due - now);
    }
  }

  private void schedule(long nanos) {
    executor.schedule(this::run, Math.max(nanos, 0), TimeUnit.NANOSECONDS);
  }

  private void run() {
    Optional<ProxySnapshot> snapshot;
    synchronized (lock) {
      long now = System.nanoTime();
      if (scheduled && now - due < 0) {
        schedule(due - now);
        return;
      }
      scheduled = false;
      structural = false;
      snapshot = assembly.build(now).or(() -> owed ? Optional.ofNullable(last) : Optional.empty());
      if (snapshot.isPresent()) {
        last = snapshot.get();
      }
      assembly.deadline().ifPresent(this::wake);
    }
    owed = snapshot.isPresent();
    snapshot.ifPresent(publish);
    owed = false;
  }

  /** Looks again when a wait is over. */
  private void wake(long at) {
    if (!waking) {
      waking = true;
      executor.schedule(this::woken, Math.max(at - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
    }
  }

  private void woken() {
    synchronized (lock) {
      waking = false;
      changed(false, System.nanoTime());
    }
  }
}
