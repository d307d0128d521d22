package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.ProxySnapshot;
import io.zoneproxy.core.model.ShardedMap;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.translate.ResourceTranslator;
import io.zoneproxy.cp.translate.Translation;
import io.zoneproxy.cp.translate.value.FieldGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Assembler} keeps. A change of endpoints costs what it changes; one of listeners
 * costs as much as there are chains. For one thread at a time.
 */
final class Assembly {
  private final ResourceTranslator translator;
  private final ResourceStore store;
  private final Clusters clusters;
  private final Listeners listeners = new Listeners();
  private final Map<SecretName, SecretSpec> secrets = new HashMap<>();
  private final Waiting waiting = new Waiting();
  private final Map<String, List<String>> refused = new TreeMap<>(); // by type and name
  private final Map<String, List<String>> notes = new TreeMap<>(); // by type and name
  private boolean secretsChanged;
  private boolean completed;
  private boolean building; // also after a failure, which owes what it has taken
  private @Nullable ProxySnapshot published;

  /**
   * @param store gets the resources in force
   * @param warmingNanos longest wait for the endpoints of a cluster
   */
  Assembly(FieldGate gate, ResourceStore store, long warmingNanos) {
    translator = new ResourceTranslator(gate);
    this.store = store;
    clusters = new Clusters(translator.interned(), warmingNanos);
  }

  /** Takes a response; returns the problems of what cannot be served. */
  List<String> update(
      ResourceType type, List<RawResource> changed, Collection<String> removed, long now) {
    List<String> problems = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (RawResource raw : changed) {
      if (names.add(raw.name())) {
        problems.addAll(take(raw, now));
      } else {
        problems.add(raw.id() + ": twice in one response (expected: each name once)");
      }
    }
    for (String name : removed) {
      remove(type, name);
    }
    return problems;
  }

  private List<String> take(RawResource raw, long now) {
    Optional<RawResource> before = store.find(raw.type(), raw.name());
    if (before.isPresent() && before.get().bytes().equals(raw.bytes())) {
      store.put(raw); // its version may be another
      refused.remove(raw.id());
      return List.of();
    }
    String name = raw.name();
    return switch (raw.type()) {
      case CLUSTER -> take(raw, translator.cluster(raw), value -> clusters.put(name, value, now));
      case ENDPOINT -> take(raw, translator.assignment(raw), value -> clusters.assign(name, value));
      case LISTENER -> take(raw, translator.listener(raw), listeners::put);
      case SECRET -> take(raw, translator.secret(raw), value -> put(SecretName.of(name), value));
    };
  }

  private <T> List<String> take(RawResource raw, Translation<T> translation, Consumer<T> to) {
    if (translation instanceof Translation.Accepted<T> accepted) {
      to.accept(accepted.value());
      store.put(raw);
      refused.remove(raw.id());
      note(raw.id(), accepted.notes());
      return List.of();
    }
    List<String> problems = ((Translation.Refused<T>) translation).problems();
    refused.put(raw.id(), problems);
    store.refuse(raw, String.join("; ", problems));
    return problems;
  }

  private void note(String id, List<String> of) {
    if (of.isEmpty()) {
      notes.remove(id);
    } else {
      notes.put(id, of);
    }
  }

  /** A secret, of whichever source. */
  void put(SecretName name, SecretSpec secret) {
    secretsChanged |= !secret.equals(secrets.put(name, secret));
  }

  /** Nobody names it any more; its key need not stay in memory. */
  void drop(SecretName name) {
    secretsChanged |= secrets.remove(name) != null;
  }

  private void remove(ResourceType type, String name) {
    store.remove(type, List.of(name));
    String id = type.label() + "/" + name;
    refused.remove(id);
    notes.remove(id);
    switch (type) {
      case CLUSTER ->
          clusters.remove(
              name, assigned -> store.find(ResourceType.ENDPOINT, assigned).isPresent());
      case ENDPOINT -> clusters.unassign(name);
      case LISTENER -> {
        listeners.remove(name);
        translator.forgetListener(name);
      }
      case SECRET -> drop(SecretName.of(name));
    }
  }

  /** All types have come once. */
  void complete() {
    completed = true;
  }

  boolean isComplete() {
    return completed;
  }

  /** The configuration, when it is whole and differs from the one before. */
  Optional<ProxySnapshot> build(long now) {
    if (!completed) {
      return Optional.empty();
    }
    clusters.expire(now);
    ProxySnapshot before = published;
    if (before == null && clusters.warming()) {
      return Optional.empty();
    }
    boolean owed = building;
    building = true;
    clusters.sweep(listeners);
    boolean rebound = listeners.bind(clusters);
    if (clusters.takePoliciesChanged() || rebound) { // endpoints name no secrets
      waiting.look(listeners.bound(), clusters.inForce().values(), now);
    }
    boolean clustersChanged = clusters.takeChanged();
    boolean changed = clustersChanged || secretsChanged || rebound || owed;
    secretsChanged = false;
    if (before != null && !changed) {
      building = false;
      return Optional.empty();
    }
    ShardedMap<ClusterSpec> inForce = clusters.publish();
    ProxySnapshot next =
        before == null
            ? new ProxySnapshot(listeners.bound(), inForce, secrets)
            : before.next(listeners.bound(), inForce, secrets);
    published = next;
    building = false;
    return Optional.of(next);
  }

  /** When the next wait is over, by nanoTime. */
  OptionalLong deadline() {
    return clusters.deadline();
  }

  Set<SecretName> otherSecrets() {
    return waiting.others();
  }

  /** By type and name. */
  Set<String> refused() {
    return new TreeSet<>(refused.keySet());
  }

  Notices notices(long now, Duration patience) {
    return new Notices(
        waiting.since(secrets.keySet(), now),
        waiting.chains(secrets.keySet()),
        waiting.others(),
        clusters.warmingFor(now, patience),
        listeners.missingFor(clusters, now, patience),
        new TreeMap<>(refused),
        notes.values().stream().flatMap(List::stream).toList());
  }
}
