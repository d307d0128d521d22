package io.zoneproxy.cp.ads;

import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Server;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslProvider;
import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.cp.CpCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The control plane of others, with clusters and their endpoints. One node, whoever it is. */
final class JavaControlPlane implements AutoCloseable {
  private static final String NODE = "any";

  /** Texts of the NACKs that it got. */
  final List<String> refusals = new CopyOnWriteArrayList<>();

  /** What was asked for, by which form of stream. */
  final Map<Protocol, Integer> requests = new ConcurrentHashMap<>();

  private final CpCertificate certificate = CpCertificate.make();
  private final SimpleCache<String> cache = new SimpleCache<>(node -> NODE);
  private @Nullable Server server;
  private final int port = FreePort.onLoopback(); // its own, also while it is stopped
  private int versions;

  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("localhost", port))
            .sslContext(
                GrpcSslContexts.configure(certificate.server(), SslProvider.OPENSSL).build())
            .permitKeepAliveTime(1, TimeUnit.SECONDS)
            .addService(
                new V3DiscoveryServer(new Requests(), cache).getAggregatedDiscoveryServiceImpl())
            .build()
            .start();
  }

  /** Ends without a word. */
  void stop() {
    try {
      Objects.requireNonNull(server).shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Target target() {
    return new Target("localhost", port, certificate.pem());
  }

  /** All that there is from now on. */
  void serve(List<Cluster> clusters, List<ClusterLoadAssignment> endpoints) {
    versions++;
    cache.setSnapshot(
        NODE,
        Snapshot.create(clusters, endpoints, List.of(), List.of(), List.of(), "v" + versions));
  }

  @Override
  public void close() {
    stop();
  }

  private final class Requests implements DiscoveryServerCallbacks {
    @Override
    public void onV3StreamRequest(long stream, DiscoveryRequest request) {
      count(Protocol.SOTW, request.getErrorDetail().getMessage());
    }

    @Override
    public void onV3StreamDeltaRequest(long stream, DeltaDiscoveryRequest request) {
      count(Protocol.DELTA, request.getErrorDetail().getMessage());
    }

    private void count(Protocol protocol, String refusal) {
      requests.merge(protocol, 1, Integer::sum);
      if (!refusal.isEmpty()) {
        refusals.add(refusal);
      }
    }
  }
}
