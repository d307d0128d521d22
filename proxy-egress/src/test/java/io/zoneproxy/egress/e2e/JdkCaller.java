package io.zoneproxy.egress.e2e;

import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A member of the mesh with the JDK's client of HTTP, and the JDK's TLS. It goes to the address of
 * the egress, with the server name of a service.
 */
final class JdkCaller {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient client;
  private final URI egress;

  JdkCaller(
      InetSocketAddress egress, String serverName, Version version, TestAuthority mesh, Issued own)
      throws IOException, GeneralSecurityException {
    this.egress = URI.create("https://127.0.0.1:" + egress.getPort());
    SSLContext context = OutsideWorld.context(own, new EgressOf(OutsideWorld.trust(mesh)));
    SSLParameters names = context.getDefaultSSLParameters();
    names.setServerNames(List.of(new SNIHostName(serverName))); // kept, as an address is no name
    client =
        HttpClient.newBuilder()
            .version(version)
            .connectTimeout(PATIENCE)
            .sslContext(context)
            .sslParameters(names)
            .build();
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request, String path)
      throws IOException, InterruptedException {
    return client.send(build(request, path), BodyHandlers.ofByteArray());
  }

  CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest.Builder request, String path) {
    return client.sendAsync(build(request, path), BodyHandlers.ofByteArray());
  }

  private HttpRequest build(HttpRequest.Builder request, String path) {
    return request.uri(egress.resolve(path)).timeout(PATIENCE).build();
  }

  /** Knows the egress of the mesh by its URI, as sidecars do: it shows no name of DNS. */
  private static final class EgressOf extends X509ExtendedTrustManager {
    private static final Integer URI_NAME = 6; // of a SAN: RFC 5280 §4.2.1.6

    private final X509TrustManager mesh;

    EgressOf(X509TrustManager mesh) {
      this.mesh = mesh;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      mesh.checkServerTrusted(chain, type);
      List<?> wanted = List.of(URI_NAME, "spiffe://default/zone-egress");
      if (!chain[0].getSubjectAlternativeNames().contains(wanted)) {
        throw new CertificateException(
            chain[0].getSubjectAlternativeNames() + " (expected: " + wanted + ")");
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("a client (expected: an egress)");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return mesh.getAcceptedIssuers();
    }
  }
}
