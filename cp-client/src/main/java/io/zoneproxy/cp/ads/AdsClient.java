package io.zoneproxy.cp.ads;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import io.zoneproxy.core.observe.process.ControlPlaneStats;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceStore;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

  /** A connection is gone within a turn or two of its event loop. */
  private static final long LOOK_MILLIS = 5;

  /** For a second, then the event loop has ended before. */
  private static final int MOST_LOOKS = 200;

  private final AdsSettings settings;
  private final ResourceStore store;
  private final ResourceSink sink;
  private final ScheduledExecutorService executor;
  private final Channels channels;
  private final ProtocolChoice choice;
  private final ControlPlaneStatus status;
  private final RefusalLog refusals = new RefusalLog();
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private String lastProblem = "";
  private boolean everConnected;
  private boolean closing;
  private @Nullable Attempt attempt;

  /**
   * Does nothing yet.
   *
   * @param store what is in force; the sink changes it
   * @param loops for sockets; NIO
   * @param executor of one thread; everything happens on it
   * @param stats is told how things stand
   */
  public AdsClient(
      AdsSettings settings,
      ResourceStore store,
      ResourceSink sink,
      EventLoopGroup loops,
      ScheduledExecutorService executor,
      ControlPlaneStats stats) {
    this.settings = settings;
    this.store = store;
    this.sink = new CountingSink(sink, stats);
    this.executor = executor;
    this.channels = new Channels(settings.target(), loops, executor);
    this.choice = new ProtocolChoice(settings.protocols());
    this.status = new ControlPlaneStatus(stats);
  }

  /** Why the last stream has ended or was of no use; "" when none was. Any thread. */
  String lastError() {
    return status.lastError();
  }

  /** Begins; any thread. */
  public void start() {
    executor.execute(this::connect);
  }

  private void connect() {
    if (closing) {
      return;
    }
    try {
      String token = requireHeader(settings.tokens().read());
      Node node = settings.node().get();
      Attempt next =
          new Attempt(channels.open(), events -> stream(node, events), executor, new Watch(node));
      attempt = next;
      status.onSubscribed();
      next.begin(token, choice.patience(settings.patience().silence()));
    } catch (IOException e) {
      retry(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) { // the executor would keep it for itself
      log.error("control plane {}: a mistake of this program", settings.target(), e);
      retry(e.toString());
    }
  }

  private static String requireHeader(String token) throws IOException {
    if (token.chars().anyMatch(c -> c <= ' ' || c > '~')) { // what HTTP takes, without blanks
      throw new IOException("the token holds white space, or no ASCII (expected: a JWT)");
    }
    return token;
  }

  private AdsStream<?, ?> stream(Node node, AdsStream.Events events) {
    return choice.current() == Protocol.DELTA
        ? new DeltaStream(node, store, sink, events)
        : new SotwStream(node, store, sink, events);
  }

  private void retry(String problem) {
    retry(problem, backoff.next());
  }

  private void retry(String problem, Duration wait) {
    abandon();
    if (closing) {
      return;
    }
    status.onProblem(problem);
    if (problem.equals(lastProblem)) {
      log.debug("control plane {}: {}; again in {}", settings.target(), problem, wait);
    } else {
      log.warn(
          "control plane {}: {}; trying again, {}",
          settings.target(),
          problem,
          store.isEmpty()
              ? "until then there is nothing to serve"
              : "what was sent before stays in force");
      lastProblem = problem;
    }
    executor.schedule(this::connect, wait.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void abandon() {
    Attempt failed = attempt;
    attempt = null;
    if (failed != null) {
      failed.cut();
    }
  }

  /**
   * Tells the control plane that nothing more will be asked, which ends the stream; nothing is
   * opened any more. Any thread; returns at once.
   */
  @Override
  public void close() {
    executor.execute(
        () -> {
          closing = true;
          Attempt open = attempt;
          if (open != null) {
            open.halfClose(settings.patience().grace());
          } else {
            closed.complete(null);
          }
        });
  }

  /**
   * Ends stream and connection at once, as at the begin of a drain; nothing is opened any more. Any
   * thread; returns at once.
   */
  public void cut() {
    executor.execute(
        () -> {
          closing = true;
          Attempt ended = attempt;
          abandon();
          status.onProblem("ended here");
          completeWhenGone(ended, MOST_LOOKS);
        });
  }

  /** Nobody is told of the end of a connection by gRPC without being blocked. */
  private void completeWhenGone(@Nullable Attempt ended, int looks) {
    if (ended == null || ended.isGone() || looks == 0) {
      closed.complete(null);
    } else {
      executor.schedule(
          () -> completeWhenGone(ended, looks - 1), LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Done when the last stream is over, after {@link #close} or {@link #cut}. */
  public CompletionStage<Void> closed() {
    return closed.minimalCompletionStage();
  }

  /** What becomes of one stream. */
  private final class Watch implements Attempt.Owner {
    private final Node node;
    private boolean answered;
    private boolean listeners; // have come

    Watch(Node node) {
      this.node = node;
    }

    @Override
    public void onResponse(String identifier) {
      if (!answered) {
        answered = true;
        onFirst();
      }
      status.onResponse(identifier);
    }

    private void onFirst() {
      log.info("control plane {}: connected, {}", settings.target(), choice.current());
      backoff.reset();
      choice.onResponse();
      status.onConnected(choice.current(), everConnected);
      everConnected = true;
      lastProblem = "";
    }

    @Override
    public void onAnswered(ResourceType type, String version, String problems) {
      status.onAnswered(type, version, problems.isEmpty());
      if (refusals.isNews(type, problems)) {
        log.warn("control plane {}: refused: {}", settings.target(), problems);
      }
      listeners |= type == ResourceType.LISTENER;
      Attempt open = attempt;
      if (choice.current() == Protocol.SOTW && open != null && !closing) {
        Patience patience = settings.patience();
        open.completeAfter(listeners ? patience.quiet() : patience.silence());
      }
    }

    @Override
    public void onSilence() {
      Protocol mute = choice.current();
      String why = Silence.explain(node, mute);
      if (choice.onSilence()) {
        retry(why + " (next: " + choice.current() + ")");
      } else {
        status.onProblem(why);
        log.warn("control plane {}: {}", settings.target(), why);
      }
    }

    @Override
    public void onEnd(Status end) {
      if (closing) {
        attempt = null;
        status.onProblem("ended here");
        closed.complete(null);
        return;
      }
      if (end.getCode() == Status.Code.UNIMPLEMENTED) {
        choice.onUnimplemented();
      }
      boolean held = StreamEnd.lastStreamIsHeld(end);
      retry(StreamEnd.explain(end), held ? backoff.soon() : backoff.next());
    }
  }
}
