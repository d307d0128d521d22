package io.zoneproxy.cp;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslProvider;
import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.cp.ads.Target;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A control plane over real gRPC and TLS, as strict as kuma-cp: it answers an initial delta request
 * of every type, a SotW request only of types that have had resources, nothing more of a type until
 * the last response of it was acknowledged, and ignores a stale nonce.
 */
public final class FakeControlPlane implements AutoCloseable {
  private static final Context.Key<String> TOKEN = Context.key("token");
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** Everything that was asked, in its order. */
  public final List<Asked> asked = new CopyOnWriteArrayList<>();

  private final CpCertificate certificate;
  private final String trusted;
  private final Map<ResourceType, Map<String, Resource>> state = new EnumMap<>(ResourceType.class);
  private final List<Stream<?, ?>> streams = new ArrayList<>();
  private final Set<ResourceType> everHad = new HashSet<>();
  private @Nullable Server server;
  private String host = "localhost";
  private final int port = FreePort.onLoopback(); // its own, also while it is stopped
  private int versions;
  private int halfClosed;
  private boolean delta = true;
  private boolean silent;
  private @Nullable Status refusal;

  /**
   * A request.
   *
   * @param delta which form of stream it came over
   * @param error text of a NACK; "" when it is none
   * @param versions of delta's first request
   * @param resource that the node registers
   * @param names how many resources were asked for by name
   */
  public record Asked(
      boolean delta,
      ResourceType type,
      String token,
      boolean hasNode,
      String version,
      String nonce,
      String error,
      Map<String, String> versions,
      String resource,
      int names) {
    /** Whether it is a subscription, not an answer. */
    public boolean isFirst() {
      return nonce.isEmpty();
    }
  }

  /** With a certificate as kuma-cp makes it for itself. */
  public FakeControlPlane() {
    this(CpCertificate.make());
  }

  private FakeControlPlane(CpCertificate certificate) {
    this(certificate, certificate.pem());
  }

  /**
   * With another certificate.
   *
   * @param trusted PEM for the target
   */
  public FakeControlPlane(CpCertificate certificate, String trusted) {
    this.certificate = certificate;
    this.trusted = trusted;
    for (ResourceType type : ResourceType.values()) {
      state.put(type, new TreeMap<>());
    }
  }

  /** Listens; again on the same port after {@link #stop}. */
  public synchronized FakeControlPlane start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
            .sslContext(
                GrpcSslContexts.configure(certificate.server(), SslProvider.OPENSSL).build())
            .permitKeepAliveTime(1, TimeUnit.SECONDS) // as kuma-cp
            .addService(new Service())
            .intercept(new ReadToken())
            .build()
            .start();
    return this;
  }

  /** Listens on one address only. */
  public synchronized FakeControlPlane on(String address) {
    host = address;
    return this;
  }

  /** Where it is, and whom to trust. */
  public Target target() {
    return new Target("localhost", port, trusted);
  }

  /** Its address without a name. */
  public InetSocketAddress address() {
    return new InetSocketAddress("localhost", port);
  }

  /** Delta is not known to it, as to kuma-cp before 2.11. */
  public synchronized void onlySotw() {
    delta = false;
  }

  /** Streams are opened and nothing is said. */
  public synchronized void keepSilent(boolean on) {
    silent = on;
  }

  /** The next streams end with this; null takes it back. */
  public synchronized void refuse(@Nullable Status status) {
    refusal = status;
  }

  /** Adds a resource, or changes it, and sends it to whoever is waiting. */
  public synchronized void put(ResourceType type, String name, Message message) {
    versions++;
    of(type)
        .put(
            name,
            Resource.newBuilder()
                .setName(name)
                .setVersion("v" + versions)
                .setResource(Any.pack(message))
                .build());
    everHad.add(type);
    streams.forEach(stream -> stream.onChange(type));
  }

  /** Removes a resource. */
  public synchronized void remove(ResourceType type, String name) {
    versions++;
    of(type).remove(name);
    streams.forEach(stream -> stream.onChange(type));
  }

  private Map<String, Resource> of(ResourceType type) {
    return Objects.requireNonNull(state.get(type));
  }

  /** Sends something of its own over all delta streams. */
  public synchronized void push(DeltaDiscoveryResponse response) {
    for (Stream<?, ?> stream : streams) {
      if (stream instanceof DeltaSide side) {
        side.push(response);
      }
    }
  }

  /** Sends something of its own over all SotW streams. */
  public synchronized void push(DiscoveryResponse response) {
    for (Stream<?, ?> stream : streams) {
      if (stream instanceof SotwSide side) {
        side.push(response);
      }
    }
  }

  /** How many streams the other side has closed in order. */
  public synchronized int halfClosed() {
    return halfClosed;
  }

  /** Ends all streams: with OK, as kuma-cp does when it shuts down, or with something else. */
  public synchronized void endStreams(Status status) {
    List<Stream<?, ?>> open = List.copyOf(streams);
    streams.clear();
    open.forEach(stream -> stream.end(status));
  }

  /** How many streams are open. */
  public synchronized int openStreams() {
    return streams.size();
  }

  /** The requests of one type. */
  public List<Asked> asked(ResourceType type) {
    return asked.stream().filter(each -> each.type() == type).toList();
  }

  /** Goes away without a word. */
  public synchronized void stop() {
    Server running = server;
    if (running != null) {
      running.shutdownNow();
      streams.clear();
      server = null;
    }
  }

  @Override
  public void close() {
    stop();
  }

  private static String resource(Node node) {
    return node.getMetadata()
        .getFieldsOrDefault("dataplane.resource", Value.getDefaultInstance())
        .getStringValue();
  }

  private static final class ReadToken implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String token = headers.get(AUTHORIZATION);
      Context context = Context.current().withValue(TOKEN, token == null ? "" : token);
      return Contexts.interceptCall(context, call, headers, next);
    }
  }

  private final class Service
      extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
        StreamObserver<DeltaDiscoveryResponse> answers) {
      if (!delta) {
        return super.deltaAggregatedResources(answers);
      }
      return opened(new DeltaSide(answers));
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
        StreamObserver<DiscoveryResponse> answers) {
      return opened(new SotwSide(answers));
    }

    private <Q, A> StreamObserver<Q> opened(Stream<Q, A> stream) {
      synchronized (FakeControlPlane.this) {
        Status status = refusal;
        if (status != null) {
          stream.end(status);
        } else {
          streams.add(stream);
        }
        return stream;
      }
    }
  }

  private abstract class Stream<Q, A> implements StreamObserver<Q> {
    final StreamObserver<A> answers;
    final String token = String.valueOf(TOKEN.get());
    final Map<ResourceType, String> nonces = new EnumMap<>(ResourceType.class);
    final Set<ResourceType> waiting = new HashSet<>();
    int nonce;

    Stream(StreamObserver<A> answers) {
      this.answers = answers;
    }

    abstract void onChange(ResourceType type);

    final void end(Status status) {
      if (status.isOk()) {
        answers.onCompleted();
      } else {
        answers.onError(new StatusRuntimeException(status));
      }
    }

    @Override
    public final void onError(Throwable cause) {
      left(this);
    }

    @Override
    public final void onCompleted() {
      synchronized (FakeControlPlane.this) { // whoever sees the one sees the other
        onHalfClosed();
        left(this);
      }
      answers.onCompleted();
    }

    String nextNonce(ResourceType type) {
      nonce++;
      nonces.put(type, String.valueOf(nonce));
      return String.valueOf(nonce);
    }
  }

  private final class DeltaSide extends Stream<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
    private final Map<ResourceType, Map<String, String>> known = new EnumMap<>(ResourceType.class);

    DeltaSide(StreamObserver<DeltaDiscoveryResponse> answers) {
      super(answers);
    }

    @Override
    public void onNext(DeltaDiscoveryRequest request) {
      synchronized (FakeControlPlane.this) {
        ResourceType type = ResourceType.of(request.getTypeUrl()).orElseThrow();
        asked.add(
            new Asked(
                true,
                type,
                token,
                request.hasNode(),
                "",
                request.getResponseNonce(),
                request.getErrorDetail().getMessage(),
                request.getInitialResourceVersionsMap(),
                resource(request.getNode()),
                request.getResourceNamesSubscribeCount()));
        if (silent) {
          return;
        }
        if (request.getResponseNonce().isEmpty()) {
          known.put(type, new HashMap<>(request.getInitialResourceVersionsMap()));
          send(type);
        } else if (request.getResponseNonce().equals(nonces.get(type))) {
          waiting.add(type);
          if (differs(type)) {
            send(type);
          }
        }
      }
    }

    void push(DeltaDiscoveryResponse response) {
      ResourceType.of(response.getTypeUrl())
          .ifPresent(type -> nonces.put(type, response.getNonce()));
      answers.onNext(response);
    }

    private Map<String, String> known(ResourceType type) {
      return Objects.requireNonNull(known.get(type));
    }

    private boolean differs(ResourceType type) {
      Map<String, String> now = new HashMap<>();
      of(type).forEach((name, resource) -> now.put(name, resource.getVersion()));
      return !now.equals(known(type));
    }

    private void send(ResourceType type) {
      DeltaDiscoveryResponse.Builder response =
          DeltaDiscoveryResponse.newBuilder().setTypeUrl(type.typeUrl()).setNonce(nextNonce(type));
      Map<String, String> before = known(type);
      Map<String, String> after = new HashMap<>();
      of(type)
          .forEach(
              (name, resource) -> {
                after.put(name, resource.getVersion());
                if (!resource.getVersion().equals(before.get(name))) {
                  response.addResources(resource);
                }
              });
      before.keySet().stream()
          .filter(name -> !after.containsKey(name))
          .forEach(response::addRemovedResources);
      known.put(type, after);
      waiting.remove(type);
      answers.onNext(response.build());
    }

    @Override
    void onChange(ResourceType type) {
      if (waiting.contains(type) && differs(type)) {
        send(type);
      }
    }
  }

  private final class SotwSide extends Stream<DiscoveryRequest, DiscoveryResponse> {
    private final Map<ResourceType, Integer> sent = new EnumMap<>(ResourceType.class);

    SotwSide(StreamObserver<DiscoveryResponse> answers) {
      super(answers);
    }

    @Override
    public void onNext(DiscoveryRequest request) {
      synchronized (FakeControlPlane.this) {
        ResourceType type = ResourceType.of(request.getTypeUrl()).orElseThrow();
        asked.add(
            new Asked(
                false,
                type,
                token,
                request.hasNode(),
                request.getVersionInfo(),
                request.getResponseNonce(),
                request.getErrorDetail().getMessage(),
                Map.of(),
                resource(request.getNode()),
                request.getResourceNamesCount()));
        boolean first = !nonces.containsKey(type);
        if (silent || (!first && !request.getResponseNonce().equals(nonces.get(type)))) {
          return;
        }
        waiting.add(type);
        onChange(type);
      }
    }

    void push(DiscoveryResponse response) {
      ResourceType.of(response.getTypeUrl())
          .ifPresent(type -> nonces.put(type, response.getNonce()));
      answers.onNext(response);
    }

    @Override
    void onChange(ResourceType type) {
      int now = of(type).hashCode();
      if (waiting.contains(type)
          && everHad.contains(type)
          && !Integer.valueOf(now).equals(sent.get(type))) {
        DiscoveryResponse.Builder response =
            DiscoveryResponse.newBuilder()
                .setTypeUrl(type.typeUrl())
                .setVersionInfo("all-" + versions)
                .setNonce(nextNonce(type));
        of(type).values().forEach(resource -> response.addResources(resource.getResource()));
        sent.put(type, now);
        waiting.remove(type);
        answers.onNext(response.build());
      }
    }
  }

  private synchronized void onHalfClosed() {
    halfClosed++;
  }

  private synchronized void left(Stream<?, ?> stream) {
    streams.remove(stream);
  }
}
