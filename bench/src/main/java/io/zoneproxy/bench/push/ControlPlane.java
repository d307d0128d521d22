package io.zoneproxy.bench.push;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
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

  /** Envoy asks for the endpoints of each cluster by name. */
  private static final int MOST_REQUEST_BYTES = 64 * 1024 * 1024;

  private static final String EVERYTHING = "*";

  private final Server server;
  private final Map<ResourceType, byte[]> first = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, List<Resource>> waiting = new EnumMap<>(ResourceType.class);
  private final Map<ResourceType, Boolean> unanswered = new EnumMap<>(ResourceType.class);
  private final AtomicInteger refusals = new AtomicInteger();
  private final Map<String, Resource> byName = new HashMap<>(); // endpoints; guarded by this
  private @Nullable StreamObserver<byte[]> stream; // guarded by this
  private long askedAt; // nanoTime; guarded by this
  private int nonce; // guarded by this
  private int responses; // guarded by this
  private long bytes; // guarded by this

  ControlPlane(KeyManagerFactory keys) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                GrpcSslContexts.configure(io.netty.handler.ssl.SslContextBuilder.forServer(keys))
                    .build())
            .addService(service())
            .maxInboundMessageSize(MOST_REQUEST_BYTES)
            .permitKeepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
            .build()
            .start();
    for (ResourceType type : ResourceType.values()) {
      first.put(type, response(type, List.of()));
      waiting.put(type, new ArrayList<>());
    }
  }

  int port() {
    return server.getPort();
  }

  /**
   * What the first request of a type is answered with; put together now, for a control plane has a
   * machine of its own, and this one shares it with the proxy.
   */
  synchronized void first(ResourceType type, List<Resource> all) {
    first.put(type, response(type, all));
    if (type == ResourceType.ENDPOINT) {
      all.forEach(resource -> byName.put(resource.getName(), resource));
    }
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
    if (type == ResourceType.ENDPOINT) {
      byName.put(resource.getName(), resource);
    }
    queue.add(resource);
    next(type);
  }

  private void next(ResourceType type) {
    List<Resource> queue = waiting.getOrDefault(type, List.of());
    if (!queue.isEmpty() && Boolean.FALSE.equals(unanswered.get(type))) {
      send(type, response(type, queue));
      queue.clear();
    }
  }

  private byte[] response(ResourceType type, List<Resource> resources) {
    nonce++;
    return DeltaDiscoveryResponse.newBuilder()
        .setTypeUrl(type.typeUrl())
        .setNonce(String.valueOf(nonce))
        .addAllResources(resources)
        .build()
        .toByteArray();
  }

  private void send(ResourceType type, byte[] response) {
    StreamObserver<byte[]> to = stream;
    if (to != null) {
      bytes += response.length;
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
    if (!request.getResponseNonce().isEmpty()) {
      unanswered.put(type, false);
      next(type);
    } else if (named(request)) {
      unanswered.putIfAbsent(type, false);
      for (String name : request.getResourceNamesSubscribeList()) {
        Resource known = byName.get(name);
        if (known != null) {
          waiting.getOrDefault(type, List.of()).add(known);
        }
      }
      next(type);
    } else {
      byte[] all = first.remove(type);
      send(type, all == null ? response(type, List.of()) : all);
    }
  }

  private static boolean named(DeltaDiscoveryRequest request) {
    List<String> names = request.getResourceNamesSubscribeList();
    return !names.isEmpty() && !names.contains(EVERYTHING);
  }

  /** When the proxy's stream was opened, by nanoTime. */
  synchronized long askedAt() {
    return askedAt;
  }

  private synchronized void opened(StreamObserver<byte[]> answers) {
    stream = answers;
    askedAt = System.nanoTime();
  }

  /** The generated one, but for responses, which are bytes already. */
  private ServerServiceDefinition service() {
    MethodDescriptor<DeltaDiscoveryRequest, byte[]> method =
        AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod().toBuilder(
                ProtoUtils.marshaller(DeltaDiscoveryRequest.getDefaultInstance()), new Bytes())
            .build();
    return ServerServiceDefinition.builder(AggregatedDiscoveryServiceGrpc.SERVICE_NAME)
        .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::requests))
        .build();
  }

  private StreamObserver<DeltaDiscoveryRequest> requests(StreamObserver<byte[]> answers) {
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

  /** Of messages that are put together. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("a server reads no responses");
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
