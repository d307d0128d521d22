package io.zoneproxy.cp.ads;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stream to the control plane open. When one ends, for whatever reason, the next is opened
 * a while later; what is in force stays in force meanwhile. Everything happens on one executor.
 */
public final class AdsClient implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdsClient.class);

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Target target;
  private final Node node;
  private final TokenSource tokens;
  private final ResourceStore store;
  private final ResourceSink sink;
  private final ScheduledExecutorService executor;
  private final Patience patience;
  private final Channels channels;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());

  private Protocol protocol = Protocol.DELTA;
  private boolean answered; // by this protocol, in some stream: it works
  private String lastProblem = "";
  private boolean closed;
  private @Nullable Attempt attempt;

  /**
   * Does nothing yet.
   *
   * @param tokens asked for each stream
   * @param store what is in force; the sink changes it
   * @param loops for sockets; NIO
   * @param executor of one thread; everything happens on it
   */
  public AdsClient(
      Target target,
      Node node,
      TokenSource tokens,
      ResourceStore store,
      ResourceSink sink,
      EventLoopGroup loops,
      ScheduledExecutorService executor) {
    this(target, node, tokens, store, sink, loops, executor, Patience.DEFAULT);
  }

  /** With a patience for tests. */
  AdsClient(
      Target target,
      Node node,
      TokenSource tokens,
      ResourceStore store,
      ResourceSink sink,
      EventLoopGroup loops,
      ScheduledExecutorService executor,
      Patience patience) {
    this.target = target;
    this.node = node;
    this.tokens = tokens;
    this.store = store;
    this.sink = sink;
    this.executor = executor;
    this.patience = patience;
    this.channels = new Channels(loops, executor);
  }

  /** Begins; any thread. */
  public void start() {
    executor.execute(this::connect);
  }

  private void connect() {
    if (closed) {
      return;
    }
    try {
      Attempt next = new Attempt(channels.open(target));
      attempt = next;
      next.begin(tokens.read());
    } catch (IOException e) {
      abandon(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) { // the executor would keep it for itself
      log.error("control plane {}: a mistake of this program", target, e);
      abandon(e.toString());
    }
  }

  private void abandon(String problem) {
    Attempt failed = attempt;
    if (failed != null) {
      failed.abandon();
    }
    retry(problem);
  }

  private void retry(String problem) {
    attempt = null;
    if (closed) {
      return;
    }
    Duration wait = backoff.next();
    if (problem.equals(lastProblem)) {
      log.debug("control plane {}: {}; again in {}", target, problem, wait);
    } else {
      log.warn(
          "control plane {}: {}; trying again, what was sent before stays in force",
          target,
          problem);
      lastProblem = problem;
    }
    executor.schedule(this::connect, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  private AdsStream<?, ?> stream(AdsStream.Events events) {
    return protocol == Protocol.DELTA
        ? new DeltaStream(node, store, sink, events)
        : new SotwStream(node, store, sink, events);
  }

  /** Ends the stream; nothing is opened any more. Any thread; returns at once. */
  @Override
  public void close() {
    executor.execute(
        () -> {
          closed = true;
          Attempt open = attempt;
          if (open != null) {
            open.stream.close();
            open.abandon();
          }
        });
  }

  /**
   * How long to wait.
   *
   * @param silence for the first response of a stream before something must be wrong
   * @param quiet with SotW, after a response, before what has come counts as the whole
   */
  record Patience(Duration silence, Duration quiet) {
    /**
     * kuma-cp sends the first response 1.0 to 1.4 s after a stream has opened, and the other types
     * within some milliseconds.
     */
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(5), Duration.ofMillis(500));
  }

  /** One channel with one stream. */
  private final class Attempt implements AdsStream.Events {
    private final ManagedChannel channel;
    private final AdsStream<?, ?> stream;
    private @Nullable Future<?> timer;
    private boolean over;

    Attempt(ManagedChannel channel) {
      this.channel = channel;
      this.stream = stream(this);
    }

    void begin(String token) {
      Metadata headers = new Metadata();
      headers.put(AUTHORIZATION, token);
      Channel withToken =
          ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
      stream.open(withToken);
      timer = schedule(this::onSilence, patience.silence());
    }

    private Future<?> schedule(Runnable task, Duration delay) {
      return executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancelTimer() {
      Future<?> pending = timer;
      if (pending != null) {
        pending.cancel(false);
        timer = null;
      }
    }

    @Override
    public void onResponse(ResourceType type) {
      cancelTimer();
      backoff.reset();
      if (!answered || !lastProblem.isEmpty()) {
        log.info("control plane {}: connected, {}", target, protocol);
      }
      answered = true;
      lastProblem = "";
      if (protocol == Protocol.SOTW) {
        timer = schedule(stream::complete, patience.quiet());
      }
    }

    private void onSilence() {
      if (over) {
        return;
      }
      if (answered) {
        log.warn("control plane {}: {}", target, Silence.CAUSES);
        return;
      }
      protocol = protocol.other();
      stream.close();
      end(
          "nothing has come within "
              + patience.silence().toSeconds()
              + " s: "
              + Silence.CAUSES
              + "; trying "
              + protocol);
    }

    @Override
    public void onEnd(Status status) {
      if (status.getCode() == Status.Code.UNIMPLEMENTED && !answered) {
        protocol = protocol.other();
      }
      end(StreamEnd.explain(status));
    }

    private void end(String problem) {
      if (!over) {
        abandon();
        retry(problem);
      }
    }

    private void abandon() {
      over = true;
      cancelTimer();
      channel.shutdownNow();
    }
  }
}
