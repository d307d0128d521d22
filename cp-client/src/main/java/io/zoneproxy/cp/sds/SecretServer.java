package io.zoneproxy.cp.sds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.tls.SecretName;
import io.zoneproxy.core.model.tls.SecretSpec;
import io.zoneproxy.cp.ads.Backoff;
import io.zoneproxy.cp.ads.Batch;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.cp.resource.SecretSink;
import io.zoneproxy.cp.translate.ResourceTranslator;
import io.zoneproxy.cp.translate.Translation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stream to one server open, as long as secrets of it are named. When it ends, for whatever
 * reason, the next is opened a while later. Lives on the executor.
 */
final class SecretServer implements SecretStream.Owner {
  private static final Logger log = LoggerFactory.getLogger(SecretServer.class);

  /** A local agent answers within milliseconds, and makes a new identity within a second or so. */
  private static final long SILENCE_SECONDS = 5;

  /** Longest text of a NACK: servers log it whole. */
  private static final int MOST_TEXT = 4 * 1024;

  private final String source;
  private final Channels channels;
  private final Node node;
  private final ResourceTranslator translator;
  private final SecretSink sink;
  private final ScheduledExecutorService executor;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private final Set<String> come = new HashSet<>();

  private SortedSet<String> names = new TreeSet<>();
  private @Nullable ClusterSpec cluster;
  private Optional<ServerAddress> address = Optional.empty();
  private @Nullable SecretStream stream;
  private @Nullable Future<?> timer; // of the next attempt, or of a stream's silence
  private boolean answered; // this stream
  private String lastProblem = "";
  private String lastRefusal = "";

  /**
   * Does nothing yet.
   *
   * @param source name of its cluster
   */
  SecretServer(
      String source,
      Channels channels,
      Node node,
      ResourceTranslator translator,
      SecretSink sink,
      ScheduledExecutorService executor) {
    this.source = source;
    this.channels = channels;
    this.node = node;
    this.translator = translator;
    this.sink = sink;
    this.executor = executor;
  }

  /** These are named from now on, at least one. */
  void need(SortedSet<String> named) {
    if (named.equals(names)) {
      return;
    }
    SortedSet<String> before = names;
    names = named;
    come.retainAll(named);
    before.stream().filter(name -> !named.contains(name)).forEach(this::forget);
    SecretStream open = stream;
    if (open != null) {
      open.ask(named);
      watch();
    }
  }

  private void forget(String name) {
    sink.onUnneeded(new SecretName(name, source));
  }

  /** This is its cluster from now on. */
  void at(ClusterSpec now) {
    if (now.equals(cluster)) {
      return;
    }
    cluster = now;
    Optional<ServerAddress> found = Optional.empty();
    try {
      found = Optional.of(ServerAddress.of(now));
    } catch (IOException e) {
      log.warn("secrets: cluster {}: {}; it is not asked", source, e.getMessage());
    }
    if (!found.equals(address)) {
      cut();
      address = found;
      backoff.reset();
      lastProblem = "";
      connect();
    }
  }

  private void connect() {
    if (address.isEmpty()) {
      return;
    }
    try {
      address.get().check();
      SecretStream next = new SecretStream(channels.open(address.get()), node, this);
      stream = next;
      answered = false;
      next.open(names);
      watch();
    } catch (IOException e) {
      retry(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) { // the executor would keep it for itself
      log.error("secrets of {}: a mistake of this program", source, e);
      retry(e.toString());
    }
  }

  private void retry(String problem) {
    cut();
    say(problem + "; trying again, what has come before stays in force");
    timer = executor.schedule(this::connect, backoff.next().toNanos(), TimeUnit.NANOSECONDS);
  }

  private void say(String problem) {
    String at = address.map(ServerAddress::toString).orElse("");
    if (problem.equals(lastProblem)) {
      log.debug("secrets of {}: {}: {}", source, at, problem);
    } else {
      log.warn("secrets of {}: {}: {}", source, at, problem);
      lastProblem = problem;
    }
  }

  private void watch() {
    unwatch();
    timer = executor.schedule(this::onSilence, SILENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void unwatch() {
    Future<?> pending = timer;
    if (pending != null) {
      pending.cancel(false);
      timer = null;
    }
  }

  private void onSilence() {
    Set<String> missing = new TreeSet<>(names);
    missing.removeAll(come);
    if (!missing.isEmpty()) {
      String what = answered ? "it has not sent " : "it says nothing, and has not sent ";
      say(what + missing + "; chains that name them refuse connections");
    }
  }

  @Override
  public String onResponse(DiscoveryResponse response) {
    if (!answered) {
      answered = true;
      backoff.reset();
      lastProblem = "";
      log.info("secrets of {}: {}: connected", source, address.orElseThrow());
    }
    List<String> problems = new ArrayList<>();
    Batch batch = new Batch(ResourceType.SECRET);
    for (Any any : response.getResourcesList()) {
      batch.add(response.getVersionInfo(), any);
    }
    problems.addAll(batch.problems());
    for (RawResource raw : batch.good().values()) {
      if (names.contains(raw.name())) {
        problems.addAll(take(raw));
      } else { // asked for before, or never
        log.debug("secrets of {}: {} is not asked for", source, raw.name());
      }
    }
    return refusal(problems);
  }

  /** What a response leaves out stays, as Envoy has it: only clusters and listeners go so. */
  private List<String> take(RawResource raw) {
    Translation<SecretSpec> translation = translator.secret(raw);
    if (translation instanceof Translation.Refused<SecretSpec> refused) {
      return refused.problems();
    }
    SecretSpec secret = ((Translation.Accepted<SecretSpec>) translation).value();
    try {
      SecretPem.check(secret);
    } catch (IOException e) {
      return List.of(raw.id() + "." + e.getMessage());
    }
    come.add(raw.name());
    sink.onSecret(new SecretName(raw.name(), source), secret);
    return List.of();
  }

  private String refusal(List<String> problems) {
    String text = String.join("; ", problems);
    if (!text.equals(lastRefusal) && !text.isEmpty()) {
      log.warn("secrets of {}: refused, the version before stays in force: {}", source, text);
    }
    lastRefusal = text;
    return text.length() <= MOST_TEXT ? text : text.substring(0, MOST_TEXT) + "…";
  }

  @Override
  public void onEnd(Status status) {
    retry(StreamEnd.explain(status));
  }

  /** Nothing of it is named any more. */
  void leave() {
    cut();
    names.forEach(this::forget);
  }

  /** Ends the stream, and opens none; what has come stays in force. */
  void cut() {
    unwatch();
    SecretStream open = stream;
    stream = null;
    if (open != null) {
      open.cut();
    }
  }
}
