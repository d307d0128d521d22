package io.zoneproxy.cp;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
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
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.List;
import java.util.Map;

/** Envoy's resources as kuma-cp shapes them for zone proxies. */
public final class Xds {
  private static final String LB = "envoy.lb";

  private Xds() {}

  private static ConfigSource adsSource() {
    return ConfigSource.newBuilder().setAds(AggregatedConfigSource.getDefaultInstance()).build();
  }

  /** One whose endpoints come by themselves; subsets by these keys, without a fallback. */
  public static Cluster eds(String name, String... keys) {
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(name)
            .setAltStatName(name.replace(':', '_'))
            .setType(Cluster.DiscoveryType.EDS)
            .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(adsSource()));
    if (keys.length > 0) {
      cluster.setLbSubsetConfig(
          Cluster.LbSubsetConfig.newBuilder()
              .setFallbackPolicy(Cluster.LbSubsetConfig.LbSubsetFallbackPolicy.ANY_ENDPOINT)
              .addSubsetSelectors(
                  Cluster.LbSubsetConfig.LbSubsetSelector.newBuilder()
                      .addAllKeys(List.of(keys))
                      .setFallbackPolicy(
                          Cluster.LbSubsetConfig.LbSubsetSelector.LbSubsetSelectorFallbackPolicy
                              .NO_FALLBACK)));
    }
    return cluster.build();
  }

  /** One with a fixed address; a path that begins with a slash is a socket's. */
  public static Cluster fixed(String name, Address address) {
    return Cluster.newBuilder()
        .setName(name)
        .setAltStatName(name.replace(':', '_'))
        .setType(Cluster.DiscoveryType.STATIC)
        .setLoadAssignment(assignment(name, endpoint(address, Map.of())))
        .build();
  }

  /** A TCP address. */
  public static Address address(String host, int port) {
    return Address.newBuilder()
        .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
        .build();
  }

  /** A socket file. */
  public static Address pipe(String path) {
    return Address.newBuilder().setPipe(Pipe.newBuilder().setPath(path)).build();
  }

  /** The endpoints of a cluster. */
  public static ClusterLoadAssignment assignment(String cluster, LbEndpoint... endpoints) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(cluster)
        .addEndpoints(LocalityLbEndpoints.newBuilder().addAllLbEndpoints(List.of(endpoints)))
        .build();
  }

  /** An endpoint on 127.0.0.1 with tags. */
  public static LbEndpoint endpoint(int port, Map<String, String> tags) {
    return endpoint(address("127.0.0.1", port), tags);
  }

  private static LbEndpoint endpoint(Address address, Map<String, String> tags) {
    return LbEndpoint.newBuilder()
        .setEndpoint(Endpoint.newBuilder().setAddress(address))
        .setMetadata(Metadata.newBuilder().putFilterMetadata(LB, struct(tags)))
        .build();
  }

  private static Struct struct(Map<String, String> tags) {
    Struct.Builder struct = Struct.newBuilder();
    tags.forEach((key, value) -> struct.putFields(key, string(value)));
    return struct.build();
  }

  private static Value string(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  /** A chain that relays what comes for a server name to the endpoints with these tags. */
  public static FilterChain passthrough(
      String serverName, String cluster, Map<String, String> tags) {
    TcpProxy.Builder relay =
        TcpProxy.newBuilder().setStatPrefix(cluster.replace(':', '_')).setCluster(cluster);
    if (!tags.isEmpty()) {
      relay.setMetadataMatch(Metadata.newBuilder().putFilterMetadata(LB, struct(tags)));
    }
    return FilterChain.newBuilder()
        .setFilterChainMatch(
            FilterChainMatch.newBuilder().setTransportProtocol("tls").addServerNames(serverName))
        .addFilters(filter("envoy.filters.network.tcp_proxy", relay.build()))
        .build();
  }

  /** The same, but TLS ends here with a certificate that comes as a secret. */
  public static FilterChain ending(FilterChain chain, String secret) {
    DownstreamTlsContext tls =
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(
                CommonTlsContext.newBuilder()
                    .addTlsCertificateSdsSecretConfigs(
                        SdsSecretConfig.newBuilder().setName(secret).setSdsConfig(adsSource())))
            .build();
    return chain.toBuilder().setTransportSocket(tls(tls)).build();
  }

  /** Envoy's transport socket for TLS. */
  public static TransportSocket tls(Message context) {
    return TransportSocket.newBuilder()
        .setName("envoy.transport_sockets.tls")
        .setTypedConfig(Any.pack(context))
        .build();
  }

  /** A network filter. */
  public static Filter filter(String name, Message config) {
    return Filter.newBuilder().setName(name).setTypedConfig(Any.pack(config)).build();
  }

  /** A listener that looks at ClientHellos. */
  public static Listener listener(String name, Address address, FilterChain... chains) {
    return Listener.newBuilder()
        .setName(name)
        .setAddress(address)
        .addListenerFilters(
            ListenerFilter.newBuilder()
                .setName("envoy.filters.listener.tls_inspector")
                .setTypedConfig(Any.pack(TlsInspector.getDefaultInstance())))
        .addAllFilterChains(List.of(chains))
        .build();
  }

  /** A certificate with its key. */
  public static Secret certificate(String name, String chainPem, String keyPem) {
    return Secret.newBuilder()
        .setName(name)
        .setTlsCertificate(
            TlsCertificate.newBuilder()
                .setCertificateChain(DataSource.newBuilder().setInlineString(chainPem))
                .setPrivateKey(DataSource.newBuilder().setInlineString(keyPem)))
        .build();
  }
}
