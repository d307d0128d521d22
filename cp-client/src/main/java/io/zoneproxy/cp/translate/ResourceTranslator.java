package io.zoneproxy.cp.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.zoneproxy.core.model.ListenerSpec;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.cp.fields.MessageType;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.translate.cluster.Assignment;
import io.zoneproxy.cp.translate.cluster.AssignmentReader;
import io.zoneproxy.cp.translate.cluster.ClusterTranslator;
import io.zoneproxy.cp.translate.cluster.EndpointTranslator;
import io.zoneproxy.cp.translate.cluster.KnownClusters;
import io.zoneproxy.cp.translate.cluster.TranslatedCluster;
import io.zoneproxy.cp.translate.listener.ListenerReader;
import io.zoneproxy.cp.translate.listener.ListenerTranslator;
import io.zoneproxy.cp.translate.tls.SecretTranslator;
import io.zoneproxy.cp.translate.value.FieldGate;
import io.zoneproxy.cp.translate.value.Interned;
import io.zoneproxy.cp.translate.value.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and translates resources, each whole or not at all. The message is let go: what stays is
 * the translation. For one thread.
 */
public final class ResourceTranslator {
  private static final Logger log = LoggerFactory.getLogger(ResourceTranslator.class);

  private static final MessageType<Cluster> CLUSTER =
      new MessageType<>(Cluster.getDescriptor(), Cluster.parser());
  private static final MessageType<ClusterLoadAssignment> ASSIGNMENT =
      new MessageType<>(ClusterLoadAssignment.getDescriptor(), ClusterLoadAssignment.parser());
  private static final MessageType<Listener> LISTENER =
      new MessageType<>(Listener.getDescriptor(), Listener.parser());
  private static final MessageType<Secret> SECRET =
      new MessageType<>(Secret.getDescriptor(), Secret.parser());

  /** Resources whose mistake is logged, each once: whoever looks for one needs no more of them. */
  private static final int MOST_MISTAKEN = 100;

  private final FieldGate gate;
  private final Set<String> mistaken = new HashSet<>(); // ids
  private final Interned interned = new Interned();
  private final ClusterTranslator clusters = new ClusterTranslator(interned);
  private final KnownClusters knownClusters = new KnownClusters();
  private final EndpointTranslator endpoints = new EndpointTranslator(interned);
  private final AssignmentReader assignments = new AssignmentReader(interned);
  private final ListenerTranslator listeners = new ListenerTranslator(interned);
  private final ListenerReader chains;

  /**
   * @param gate what finds fields that no translator asks for
   */
  public ResourceTranslator(FieldGate gate) {
    this.gate = gate;
    this.chains = new ListenerReader(listeners, gate);
  }

  /** Equal policies and tags of everything translated here are one object by this. */
  public Interned interned() {
    return interned;
  }

  /** A cluster. */
  public Translation<TranslatedCluster> cluster(RawResource raw) {
    Optional<TranslatedCluster> known =
        raw.name().isEmpty() ? Optional.empty() : knownClusters.find(raw.bytes());
    if (known.isPresent()) {
      return new Translation.Accepted<>(known.get(), List.of());
    }
    Translation<TranslatedCluster> fresh =
        translate(
            raw, CLUSTER, (from, problems) -> Optional.of(clusters.translate(from, problems)));
    if (fresh instanceof Translation.Accepted<TranslatedCluster> accepted
        && accepted.notes().isEmpty()) {
      knownClusters.keep(raw.bytes(), accepted.value());
    }
    return fresh;
  }

  /** A load assignment. */
  public Translation<Assignment> assignment(RawResource raw) {
    if (!raw.name().isEmpty()) {
      Optional<Assignment> usual = quick(raw, () -> assignments.read(raw.bytes()));
      if (usual.isPresent()) {
        return new Translation.Accepted<>(usual.get(), List.of());
      }
    }
    return translate(
        raw, ASSIGNMENT, (from, problems) -> Optional.of(endpoints.translate(from, problems)));
  }

  /** A listener. */
  public Translation<ListenerSpec> listener(RawResource raw) {
    if (!raw.name().isEmpty()) {
      Optional<ListenerSpec> usual = quick(raw, () -> chains.read(raw.name(), raw.bytes()));
      if (usual.isPresent()) {
        return new Translation.Accepted<>(usual.get(), List.of());
      }
    }
    return translate(raw, LISTENER, listeners::translate);
  }

  /** A listener is gone. */
  public void forgetListener(String name) {
    chains.forget(name);
  }

  /** A secret. */
  public Translation<SecretSpec> secret(RawResource raw) {
    return translate(raw, SECRET, SecretTranslator::translate);
  }

  /** One of the translators. */
  private interface Translator<M, T> {
    Optional<T> translate(M from, Problems problems);
  }

  /** Where the quick way has a mistake, the long one decides. */
  private <T> Optional<T> quick(RawResource raw, Supplier<Optional<T>> reader) {
    try {
      return reader.get();
    } catch (RuntimeException e) {
      mistake(raw, e);
      return Optional.empty();
    }
  }

  /** A mistake here refuses the resource: if it ended the stream, the next would bring it again. */
  private <M extends Message, T> Translation<T> translate(
      RawResource raw, MessageType<M> type, Translator<M, T> translator) {
    try {
      return whole(raw, type, translator);
    } catch (RuntimeException e) {
      mistake(raw, e);
      return new Translation.Refused<>(List.of(raw.id() + ": a mistake of this program: " + e));
    }
  }

  private void mistake(RawResource raw, RuntimeException e) {
    if (mistaken.size() < MOST_MISTAKEN && mistaken.add(raw.id())) {
      log.error("{}: a mistake of this program", raw.id(), e);
    }
  }

  private <M extends Message, T> Translation<T> whole(
      RawResource raw, MessageType<M> type, Translator<M, T> translator) {
    Problems problems = Problems.of(raw.type().label(), raw.name());
    if (raw.name().isEmpty()) {
      problems.add("no name", "a name");
    }
    Optional<M> message = parse(raw.bytes(), type.parser(), problems);
    Optional<T> value = message.flatMap(from -> translator.translate(from, problems));
    message
        .filter(from -> !gate.passes(type.descriptor(), raw.bytes()))
        .ifPresent(from -> gate.check(raw.id(), from, problems));
    return problems.any() || value.isEmpty()
        ? new Translation.Refused<>(problems.all())
        : new Translation.Accepted<>(value.get(), problems.notes());
  }

  private static <M> Optional<M> parse(ByteString bytes, Parser<M> parser, Problems problems) {
    try {
      return Optional.of(parser.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      problems.add("not readable: " + e.getMessage(), "a message of this type");
      return Optional.empty();
    }
  }
}
