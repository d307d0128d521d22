package io.zoneproxy.egress.driven;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.zoneproxy.cp.FakeControlPlane;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.resource.ResourceType;
import io.zoneproxy.tls.identity.TestAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The admin listener that kuma-cp pushes, and kuma-cp as its client. */
final class AdminListener {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final String ADMIN = "kuma:envoy:admin";
  private static final String READINESS = "kuma:readiness";
  private static final char[] NO_PASSWORD = {};

  private final TestAuthority authority = TestAuthority.create("Envoy Admin CA", 0);
  private final InetSocketAddress address;

  AdminListener(String host, int port) {
    address = new InetSocketAddress(host, port);
  }

  /** Pushes it with the clusters that it leads to. */
  void push(FakeControlPlane to, Path workDir, int readinessPort) {
    String socket = workDir.resolve("kuma-envoy-admin.sock").toString();
    to.put(ResourceType.CLUSTER, ADMIN, Xds.fixed(ADMIN, Xds.pipe(socket)));
    to.put(
        ResourceType.CLUSTER,
        READINESS,
        Xds.fixed(READINESS, Xds.address("127.0.0.1", readinessPort)));
    Route ready = route("/ready", READINESS);
    FilterChain plain = chain(ready);
    FilterChain secured =
        chain(ready, route("/", ADMIN)).toBuilder()
            .setFilterChainMatch(FilterChainMatch.newBuilder().setTransportProtocol("tls"))
            .setTransportSocket(Xds.tls(tls()))
            .build();
    to.put(
        ResourceType.LISTENER,
        ADMIN,
        Xds.listener(
            ADMIN,
            Xds.address(address.getAddress().getHostAddress(), address.getPort()),
            plain,
            secured));
  }

  private static Route route(String prefix, String cluster) {
    return Route.newBuilder()
        .setMatch(RouteMatch.newBuilder().setPrefix(prefix))
        .setRoute(RouteAction.newBuilder().setCluster(cluster).setPrefixRewrite(prefix))
        .build();
  }

  private static FilterChain chain(Route... routes) {
    VirtualHost.Builder host = VirtualHost.newBuilder().setName(ADMIN).addDomains("*");
    for (Route route : routes) {
      host.addRoutes(route);
    }
    HttpConnectionManager http =
        HttpConnectionManager.newBuilder()
            .setStatPrefix("kuma_envoy_admin")
            .setRouteConfig(RouteConfiguration.newBuilder().addVirtualHosts(host))
            .addHttpFilters(
                HttpFilter.newBuilder()
                    .setName("envoy.filters.http.router")
                    .setTypedConfig(com.google.protobuf.Any.pack(Router.getDefaultInstance())))
            .build();
    return FilterChain.newBuilder()
        .addFilters(Xds.filter("envoy.filters.network.http_connection_manager", http))
        .build();
  }

  private DownstreamTlsContext tls() {
    TestAuthority.Issued own = authority.order().rsa().ip("127.0.0.2").server().issue();
    return DownstreamTlsContext.newBuilder()
        .setRequireClientCertificate(com.google.protobuf.BoolValue.of(true))
        .setCommonTlsContext(
            CommonTlsContext.newBuilder()
                .addTlsCertificates(
                    TlsCertificate.newBuilder()
                        .setCertificateChain(inline(own.chainPem()))
                        .setPrivateKey(inline(own.keyPem())))
                .setValidationContext(
                    CertificateValidationContext.newBuilder()
                        .setTrustedCa(inline(authority.pem()))
                        .addMatchTypedSubjectAltNames(
                            SubjectAltNameMatcher.newBuilder()
                                .setSanType(SubjectAltNameMatcher.SanType.DNS)
                                .setMatcher(StringMatcher.newBuilder().setExact("kuma-cp")))))
        .build();
  }

  private static DataSource inline(String text) {
    return DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(text)).build();
  }

  /** Asks as the control plane does; head and body of the answer. */
  String get(String path) throws IOException, GeneralSecurityException {
    try (SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket()) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(address, PATIENCE_MILLIS);
      String request = "GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private SSLContext context() throws IOException, GeneralSecurityException {
    TestAuthority.Issued own = authority.order().rsa().dns("kuma-cp").issue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, NO_PASSWORD);
    keys.setKeyEntry("own", own.key(), NO_PASSWORD, own.chain().toArray(new Certificate[0]));
    keys.setCertificateEntry("ca", authority.certificate());
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, NO_PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
