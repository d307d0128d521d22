package io.zoneproxy.cp.sds;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;

/** What a control plane sends for identities of SPIRE, and what the agent has. */
public final class Spire {
  /** The cluster of the agent, as kuma-cp names it. */
  public static final String AGENT = "system_identity_sds-spire-agent";

  /** The proxy's identity. */
  public static final String ID = "spiffe://lab.example/workload/zone-proxy";

  /** The bundles of all trust domains. */
  public static final String ALL = "ALL";

  private Spire() {}

  /** The cluster of the agent at a socket. */
  public static Cluster agent(Path socket) {
    return agent(
        Address.newBuilder().setPipe(Pipe.newBuilder().setPath(socket.toString())).build());
  }

  static Cluster agent(String host, int port) {
    return agent(
        Address.newBuilder()
            .setSocketAddress(SocketAddress.newBuilder().setAddress(host).setPortValue(port))
            .build());
  }

  private static Cluster agent(Address at) {
    HttpProtocolOptions http2 =
        HttpProtocolOptions.newBuilder()
            .setExplicitHttpConfig(
                HttpProtocolOptions.ExplicitHttpConfig.newBuilder()
                    .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()))
            .build();
    return cluster(AGENT, at)
        .setConnectTimeout(Duration.newBuilder().setSeconds(1))
        .putTypedExtensionProtocolOptions(
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions", Any.pack(http2))
        .build();
  }

  private static Cluster.Builder cluster(String name, Address at) {
    return Cluster.newBuilder()
        .setName(name)
        .setLoadAssignment(
            ClusterLoadAssignment.newBuilder()
                .setClusterName(name)
                .addEndpoints(
                    LocalityLbEndpoints.newBuilder()
                        .addLbEndpoints(
                            LbEndpoint.newBuilder()
                                .setEndpoint(Endpoint.newBuilder().setAddress(at)))));
  }

  /** Where the listener's chain relays to. */
  public static Cluster upstream() {
    return cluster(
            "up",
            Address.newBuilder()
                .setSocketAddress(
                    SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(1))
                .build())
        .build();
  }

  /** A listener that ends TLS with the agent's secrets. */
  public static Listener listener(String identity) {
    CommonTlsContext common =
        CommonTlsContext.newBuilder()
            .addTlsCertificateSdsSecretConfigs(secret(identity))
            .setCombinedValidationContext(
                CommonTlsContext.CombinedCertificateValidationContext.newBuilder()
                    .setDefaultValidationContext(CertificateValidationContext.getDefaultInstance())
                    .setValidationContextSdsSecretConfig(secret(ALL)))
            .build();
    DownstreamTlsContext tls =
        DownstreamTlsContext.newBuilder()
            .setCommonTlsContext(common)
            .setRequireClientCertificate(BoolValue.of(true))
            .build();
    return listener(
        FilterChain.newBuilder()
            .setTransportSocket(
                TransportSocket.newBuilder()
                    .setName("envoy.transport_sockets.tls")
                    .setTypedConfig(Any.pack(tls))));
  }

  /** The same listener without TLS. */
  static Listener plainListener() {
    return listener(FilterChain.newBuilder());
  }

  private static Listener listener(FilterChain.Builder chain) {
    return Listener.newBuilder()
        .setName("self_zoneegress_dp_ze-port")
        .setAddress(
            Address.newBuilder()
                .setSocketAddress(
                    SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(10_002)))
        .addFilterChains(
            chain
                .setFilterChainMatch(
                    FilterChainMatch.newBuilder()
                        .setTransportProtocol("tls")
                        .addServerNames("sni.extsvc.default.zone-1.mes.80"))
                .addFilters(
                    Filter.newBuilder()
                        .setName("envoy.filters.network.tcp_proxy")
                        .setTypedConfig(
                            Any.pack(
                                TcpProxy.newBuilder()
                                    .setStatPrefix("up")
                                    .setCluster("up")
                                    .build()))))
        .build();
  }

  private static SdsSecretConfig secret(String name) {
    return SdsSecretConfig.newBuilder()
        .setName(name)
        .setSdsConfig(
            ConfigSource.newBuilder()
                .setResourceApiVersion(ApiVersion.V3)
                .setApiConfigSource(
                    ApiConfigSource.newBuilder()
                        .setApiType(ApiConfigSource.ApiType.GRPC)
                        .addGrpcServices(
                            GrpcService.newBuilder()
                                .setEnvoyGrpc(
                                    GrpcService.EnvoyGrpc.newBuilder().setClusterName(AGENT)))))
        .build();
  }

  static X509Bundle made() {
    try {
      return new CertificateBuilder()
          .subject("CN=zone-proxy")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) { // as it is declared
      throw new IllegalStateException(e);
    }
  }

  /** The proxy's identity with a fresh certificate. */
  public static Secret identity(String name) {
    X509Bundle made = made();
    return identity(name, made.getCertificatePEM(), made.getPrivateKeyPEM());
  }

  static Secret identity(String name, String chain, String key) {
    return Secret.newBuilder()
        .setName(name)
        .setTlsCertificate(
            TlsCertificate.newBuilder().setCertificateChain(text(chain)).setPrivateKey(text(key)))
        .build();
  }

  /** All bundles: one fresh one. */
  public static Secret bundles() {
    return bundles(made().getCertificatePEM());
  }

  static Secret bundles(String pem) {
    SPIFFECertValidatorConfig spiffe =
        SPIFFECertValidatorConfig.newBuilder()
            .addTrustDomains(
                SPIFFECertValidatorConfig.TrustDomain.newBuilder()
                    .setName("lab.example")
                    .setTrustBundle(text(pem)))
            .build();
    return Secret.newBuilder()
        .setName(ALL)
        .setValidationContext(
            CertificateValidationContext.newBuilder()
                .setCustomValidatorConfig(
                    TypedExtensionConfig.newBuilder()
                        .setName("envoy.tls.cert_validator.spiffe")
                        .setTypedConfig(Any.pack(spiffe))))
        .build();
  }

  private static DataSource text(String text) {
    return DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(text)).build();
  }
}
