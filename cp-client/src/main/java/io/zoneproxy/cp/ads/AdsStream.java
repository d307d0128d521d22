package io.zoneproxy.cp.ads;

import static io.grpc.Status.Code.INVALID_ARGUMENT;

import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.zoneproxy.cp.resource.RawResource;
import io.zoneproxy.cp.resource.ResourceSink;
import io.zoneproxy.cp.resource.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream, of either protocol, from its opening to its end. It subscribes to everything of every
 * type: kuma-cp's SotW cache answers a request by name only when all names are in it, and forgets
 * the request otherwise. Everything happens on the executor of the channel, one thing at a time.
 *
 * @param <Q> what the protocol asks with
 * @param <A> what it is answered with
 */
abstract class AdsStream<Q, A> implements ClientResponseObserver<Q, A> {
  private static final String SEPARATOR = "; ";

  /** Longest text of a NACK; a server takes requests of 4 MiB, and a reader far less. */
  private static final int MOST_TEXT = 16 * 1024;

  /**
   * Responses that may be on their way or here: the next one is received while one is taken. With
   * 100,000 services both last seconds.
   */
  private static final int AHEAD = 2;

  private static final Logger log = LoggerFactory.getLogger(AdsStream.class);

  final Node node;
  private final ResourceSink sink;
  private final Events events;
  private final Set<ResourceType> unanswered = EnumSet.allOf(ResourceType.class);
  private @Nullable StreamObserver<Q> requests;
  private @Nullable ClientCallStreamObserver<Q> flow;
  private boolean complete;

  AdsStream(Node node, ResourceSink sink, Events events) {
    this.node = node;
    this.sink = sink;
    this.events = events;
  }

  /** Calls the protocol's method of the service; what comes is for this stream. */
  abstract StreamObserver<Q> call(Channel channel);

  /** The first request of a type. */
  abstract Q subscription(ResourceType type);

  abstract String typeUrl(A response);

  /** Who the control plane says it is; "" when it says nothing. */
  abstract String identifier(A response);

  /** Delivers what a response holds, and answers it. */
  abstract void take(ResourceType type, A response);

  /** Opens it and subscribes. */
  final void open(Channel channel) {
    StreamObserver<Q> opened = call(channel);
    requests = opened;
    for (ResourceType type : ResourceType.values()) {
      opened.onNext(subscription(type));
    }
  }

  @Override
  public final void beforeStart(ClientCallStreamObserver<Q> opening) {
    flow = opening;
    opening.disableAutoRequestWithInitial(AHEAD);
  }

  @Override
  public final void onNext(A response) {
    Optional<ResourceType> type = ResourceType.of(typeUrl(response));
    if (type.isPresent()) {
      events.onResponse(identifier(response));
      take(type.get(), response);
    } else {
      log.debug("a response of type {} that was not asked for", typeUrl(response));
    }
    ClientCallStreamObserver<Q> more = flow;
    if (more != null) {
      more.request(1);
    }
  }

  final void send(Q request) {
    StreamObserver<Q> to = requests;
    if (to != null) {
      to.onNext(request);
    }
  }

  @Override
  public final void onError(Throwable cause) {
    requests = null;
    events.onEnd(io.grpc.Status.fromThrowable(cause));
  }

  @Override
  public final void onCompleted() {
    requests = null;
    events.onEnd(io.grpc.Status.OK);
  }

  /** Says that nothing more will be asked; the control plane ends the stream. */
  final void close() {
    StreamObserver<Q> to = requests;
    if (to != null) {
      requests = null;
      to.onCompleted();
    }
  }

  /**
   * Hands over what a response brought.
   *
   * @return the text of the NACK; "" to acknowledge
   */
  final String deliver(
      ResourceType type, List<RawResource> changed, Collection<String> removed, List<String> bad) {
    List<String> problems = new ArrayList<>(bad);
    problems.addAll(sink.onUpdate(type, changed, removed));
    String text = String.join(SEPARATOR, problems);
    return text.length() <= MOST_TEXT
        ? text
        : "%d problems: %s …".formatted(problems.size(), text.substring(0, MOST_TEXT));
  }

  /**
   * After the answer, for what follows may take a while.
   *
   * @param version of the whole response; "" when the control plane says none
   * @param problems "" when it was an acknowledgement
   */
  final void answered(ResourceType type, String version, String problems) {
    events.onAnswered(type, version, problems);
    if (unanswered.remove(type) && unanswered.isEmpty()) {
      complete();
    }
  }

  final void complete() {
    if (!complete) {
      complete = true;
      sink.onComplete();
    }
  }

  /** For a NACK, with the code that Envoy sends. */
  static Status invalid(String problems) {
    return Status.newBuilder().setCode(INVALID_ARGUMENT.value()).setMessage(problems).build();
  }

  /** Told of the stream's life. */
  interface Events {
    /**
     * Something has come, good or bad.
     *
     * @param identifier who the control plane says it is; "" when it says nothing
     */
    void onResponse(String identifier);

    /** What came as this version was acknowledged, or refused with these problems. */
    void onAnswered(ResourceType type, String version, String problems);

    /** It is over; also with OK, when the control plane shuts down. Said once. */
    void onEnd(io.grpc.Status status);
  }
}
