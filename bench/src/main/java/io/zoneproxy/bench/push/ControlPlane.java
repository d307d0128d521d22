package io.zoneproxy.bench.push;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Speaks delta as kuma-cp does: one response a type with everything, then what changes; the next of
 * a type only when the last was answered. For one proxy.
 */
final class ControlPlane implements AutoCloseable {
  /** The proxy asks every 10 s whether we are there; gRPC's own server would take it for abuse. */
  private static final long KEEPALIVE_SECONDS = 5;

  private final Server server;
  private final Map<ResourceType, List<Resource>> first = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, List<Resource>> waiting = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, Boolean> unanswered = new EnumMap<>(ResourceType.class);
  private final AtomicInteger refusals = new AtomicInteger();
  private @Nullable StreamObserver<DeltaDiscoveryResponse> stream; // guarded by this
  private int nonce; // guarded by this
  private int responses; // guarded by this
  private long bytes; // guarded by this

  ControlPlane(KeyManagerFactory keys) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                GrpcSslContexts.configure(io.netty.handler.ssl.SslContextBuilder.forServer(keys))
                    .build())
            .addService(new Service())
            .permitKeepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .build()
            .start();
    for (ResourceType type : ResourceType.values()) {
      first.put(type, List.of());
      waiting.put(type, new ArrayList<>());
    }
  }

  int port() {
    return server.getPort();
  }

  /** What the first request of a type is answered with. */
  synchronized void first(ResourceType type, List<Resource> all) {
    first.put(type, all);
  }

  static Resource resource(ResourceType type, String name, int version, ByteString bytes) {
    return Resource.newBuilder()
        .setName(name)
        .setVersion(String.valueOf(version))
        .setResource(Any.newBuilder().setTypeUrl(type.typeUrl()).setValue(bytes))
        .build();
  }

  /** Sends it as soon as the last response of its type was answered. */
  synchronized void push(ResourceType type, Resource resource) {
    List<Resource> queue = waiting.getOrDefault(type, List.of());
    queue.add(resource);
    next(type);
  }

  private void next(ResourceType type) {
    List<Resource> queue = waiting.getOrDefault(type, List.of());
    if (!queue.isEmpty() && Boolean.FALSE.equals(unanswered.get(type))) {
      send(type, queue);
      queue.clear();
    }
  }

  private void send(ResourceType type, List<Resource> resources) {
    StreamObserver<DeltaDiscoveryResponse> to = stream;
    if (to != null) {
      nonce++;
      DeltaDiscoveryResponse response =
          DeltaDiscoveryResponse.newBuilder()
              .setTypeUrl(type.typeUrl())
              .setNonce(String.valueOf(nonce))
              .addAllResources(resources)
              .build();
      bytes += response.getSerializedSize();
      responses++;
      unanswered.put(type, true);
      to.onNext(response);
    }
  }

  /** Of all responses so far, as messages. */
  synchronized long bytes() {
    return bytes;
  }

  /** How many so far. */
  synchronized int responses() {
    return responses;
  }

  /** How many of them were refused. */
  int refusals() {
    return refusals.get();
  }

  private synchronized void answer(DeltaDiscoveryRequest request) {
    ResourceType type = ResourceType.of(request.getTypeUrl()).orElseThrow();
    if (request.hasErrorDetail()) {
      refusals.incrementAndGet();
    }
    if (request.getResponseNonce().isEmpty()) {
      send(type, first.getOrDefault(type, List.of()));
      first.remove(type);
    } else {
      unanswered.put(type, false);
      next(type);
    }
  }

  private synchronized void opened(StreamObserver<DeltaDiscoveryResponse> answers) {
    stream = answers;
  }

  private final class Service extends AggregatedDiscoveryServiceImplBase {
    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
        StreamObserver<DeltaDiscoveryResponse> answers) {
      opened(answers);
      return new StreamObserver<>() {
        @Override
        public void onNext(DeltaDiscoveryRequest request) {
          answer(request);
        }

        @Override
        public void onError(Throwable cause) {
          // the proxy has gone
        }

        @Override
        public void onCompleted() {
          answers.onCompleted();
        }
      };
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
