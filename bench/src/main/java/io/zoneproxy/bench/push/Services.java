package io.zoneproxy.bench.push;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbSubsetConfig;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.Map;

/**
 * Resources as kuma-cp makes them for a zone ingress: for each service a cluster, a load assignment
 * with two endpoints, and a chain of the one listener.
 */
final class Services {
  private static final String HOST = "127.0.0.1";
  private static final int CONNECT_SECONDS = 10; // Kuma's

  /** Two in each namespace differ from service to service; in all 12 tags an endpoint. */
  private static final String ZONE = "zone-1";

  /** Of the listener; below those that connections leave from, or one would meet itself there. */
  static final int PORT = 5_000;

  private Services() {}

  static String name(int service) {
    return "default:service-%06d_demo_svc_8080".formatted(service);
  }

  /** What a client asks for. */
  static String serverName(int service) {
    return "service-%06d-demo-8080-a1b2c3d4e5f60718.svc.zone-1.mesh.local".formatted(service);
  }

  private static String statName(int service) {
    return name(service).replace(':', '_');
  }

  static Cluster cluster(int service) {
    return Cluster.newBuilder()
        .setName(name(service))
        .setAltStatName(statName(service))
        .setType(Cluster.DiscoveryType.EDS)
        .setEdsClusterConfig(
            Cluster.EdsClusterConfig.newBuilder()
                .setEdsConfig(
                    ConfigSource.newBuilder()
                        .setAds(AggregatedConfigSource.getDefaultInstance())
                        .setResourceApiVersion(ApiVersion.V3)))
        .setConnectTimeout(Duration.newBuilder().setSeconds(CONNECT_SECONDS))
        .setLbSubsetConfig(
            LbSubsetConfig.newBuilder()
                .setFallbackPolicy(LbSubsetConfig.LbSubsetFallbackPolicy.ANY_ENDPOINT)
                .addSubsetSelectors(
                    LbSubsetConfig.LbSubsetSelector.newBuilder()
                        .addKeys("mesh")
                        .setFallbackPolicy(
                            LbSubsetConfig.LbSubsetSelector.LbSubsetSelectorFallbackPolicy
                                .NO_FALLBACK)))
        .setCircuitBreakers(
            CircuitBreakers.newBuilder()
                .addThresholds(CircuitBreakers.Thresholds.newBuilder().setTrackRemaining(true)))
        .build();
  }

  /** Its two endpoints, on loopback at this port and the next one. */
  static ClusterLoadAssignment assignment(int service, int endpointPort) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(name(service))
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .setLocality(Locality.newBuilder().setZone(ZONE))
                .addLbEndpoints(endpoint(service, endpointPort))
                .addLbEndpoints(endpoint(service, endpointPort + 1)))
        .build();
  }

  private static LbEndpoint endpoint(int service, int endpointPort) {
    Struct tags =
        struct(
            Map.of(
                "mesh",
                "default",
                "kuma.io/zone",
                ZONE,
                "kuma.io/protocol",
                "tcp",
                "k8s.kuma.io/service-name",
                "service-%06d".formatted(service)));
    Struct labels =
        struct(
            Map.of(
                "app", "service-%06d".formatted(service),
                "kuma.io/env", "kubernetes",
                "kuma.io/mesh", "default",
                "k8s.kuma.io/namespace", "demo"));
    return LbEndpoint.newBuilder()
        .setEndpoint(
            Endpoint.newBuilder()
                .setAddress(
                    Address.newBuilder()
                        .setSocketAddress(
                            SocketAddress.newBuilder()
                                .setAddress(HOST)
                                .setPortValue(endpointPort))))
        .setMetadata(
            Metadata.newBuilder()
                .putFilterMetadata("envoy.lb", tags)
                .putFilterMetadata("envoy.transport_socket_match", tags)
                .putFilterMetadata("io.kuma.labels", labels))
        .setLoadBalancingWeight(UInt32Value.of(1))
        .build();
  }

  private static Struct struct(Map<String, String> texts) {
    Struct.Builder struct = Struct.newBuilder();
    texts.forEach(
        (key, text) -> struct.putFields(key, Value.newBuilder().setStringValue(text).build()));
    return struct.build();
  }

  /** One of the listener's. */
  static FilterChain chain(int service) {
    return FilterChain.newBuilder()
        .setFilterChainMatch(
            FilterChainMatch.newBuilder()
                .addServerNames(serverName(service))
                .setTransportProtocol("tls"))
        .addFilters(
            Filter.newBuilder()
                .setName("envoy.filters.network.tcp_proxy")
                .setTypedConfig(
                    any(
                        TcpProxy.newBuilder()
                            .setStatPrefix(statName(service))
                            .setCluster(name(service))
                            .build())))
        .build();
  }

  private static Any any(Message message) {
    return Any.pack(message);
  }

  static String listenerName() {
    return "inbound:" + HOST + ":" + PORT;
  }

  /** The listener without chains. */
  static Listener.Builder listener() {
    return Listener.newBuilder()
        .setName(listenerName())
        .setAddress(
            Address.newBuilder()
                .setSocketAddress(SocketAddress.newBuilder().setAddress(HOST).setPortValue(PORT)))
        .setEnableReusePort(BoolValue.of(false))
        .setTrafficDirection(TrafficDirection.INBOUND)
        .addListenerFilters(
            ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.tls_inspector")
                .setTypedConfig(any(TlsInspector.getDefaultInstance())));
  }
}
