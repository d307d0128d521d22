package io.zoneproxy.cp.ads;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.zoneproxy.cp.resource.ResourceType;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One channel with one stream, and the watch over both. Lives on the client's executor. */
final class Attempt implements AdsStream.Events {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final ManagedChannel channel;
  private final AdsStream<?, ?> stream;
  private final ScheduledExecutorService executor;
  private final Owner owner;
  private @Nullable Future<?> timer;
  private boolean over;

  /**
   * Opens nothing yet.
   *
   * @param channel of its own: it is shut down at the end
   * @param streams makes the stream, which tells this
   */
  Attempt(
      ManagedChannel channel,
      Function<AdsStream.Events, AdsStream<?, ?>> streams,
      ScheduledExecutorService executor,
      Owner owner) {
    this.channel = channel;
    this.stream = streams.apply(this);
    this.executor = executor;
    this.owner = owner;
  }

  /** Told what becomes of it; of nothing any more once it is over. */
  interface Owner {
    /**
     * Something has come, good or bad.
     *
     * @param identifier who the control plane says it is; "" when it says nothing
     */
    void onResponse(String identifier);

    /** What came as this version was acknowledged, or refused with these problems. */
    void onAnswered(ResourceType type, String version, String problems);

    /** It is connected, and nothing has come. */
    void onSilence();

    /** It is over; said once. */
    void onEnd(Status status);
  }

  /** Connects, opens the stream and subscribes. */
  void begin(String token, Duration silence) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, token);
    Channel withToken =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    stream.open(withToken);
    watch(silence, () -> onNothing(silence));
  }

  private void onNothing(Duration waited) {
    if (channel.getState(false) == ConnectivityState.READY) {
      owner.onSilence();
    } else {
      onEnd(
          Status.UNAVAILABLE.withDescription("no connection within " + waited.toMillis() + " ms"));
    }
  }

  /** Does something later, in place of what was to be done. */
  private void watch(Duration delay, Runnable task) {
    unwatch();
    timer =
        executor.schedule(
            () -> {
              if (!over) {
                task.run();
              }
            },
            delay.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private void unwatch() {
    Future<?> pending = timer;
    if (pending != null) {
      pending.cancel(false);
      timer = null;
    }
  }

  /** Nobody says when a SotW stream is complete: it is so after a while without a response. */
  void completeAfter(Duration quiet) {
    watch(quiet, stream::complete);
  }

  @Override
  public void onResponse(String identifier) {
    if (!over) {
      unwatch();
      owner.onResponse(identifier);
    }
  }

  @Override
  public void onAnswered(ResourceType type, String version, String problems) {
    if (!over) {
      owner.onAnswered(type, version, problems);
    }
  }

  @Override
  public void onEnd(Status status) {
    if (!over) {
      cut();
      owner.onEnd(status);
    }
  }

  /** Says that nothing more will be asked, and waits for the control plane to end the stream. */
  void halfClose(Duration grace) {
    stream.close();
    watch(grace, () -> onEnd(Status.CANCELLED));
  }

  /** Whether nothing is left of stream and connection, after {@link #cut}. */
  boolean isGone() {
    return channel.isTerminated();
  }

  /** Ends stream and connection at once; nobody is told. */
  void cut() {
    over = true;
    unwatch();
    channel.shutdownNow();
  }
}
