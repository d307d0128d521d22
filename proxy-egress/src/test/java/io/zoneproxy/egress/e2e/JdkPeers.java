package io.zoneproxy.egress.e2e;

import io.zoneproxy.egress.demo.DemoMesh;
import io.zoneproxy.egress.demo.DemoMesh.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Both ends of mutual TLS as the JDK has it: its server takes DNS names only. */
final class JdkPeers {
  private static final int PATIENCE_MILLIS = 20_000;

  private final DemoMesh mesh;

  JdkPeers(DemoMesh mesh) {
    this.mesh = mesh;
  }

  /** Starts a service that sends back what it gets. */
  Service service(Identity shown) throws IOException, GeneralSecurityException {
    SSLServerSocket listening =
        (SSLServerSocket)
            context(shown)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    listening.setNeedClientAuth(true);
    Service service = new Service(listening, new LinkedBlockingQueue<>());
    Thread thread = new Thread(service::serve, "jdk-service");
    thread.setDaemon(true);
    thread.start();
    return service;
  }

  /** Sends the content over TLS and reads as much back. */
  BoringPeers.Exchange exchange(
      InetSocketAddress door, String serverName, Identity identity, byte[] content)
      throws IOException, GeneralSecurityException {
    try (Socket tcp = new Socket(door.getAddress(), door.getPort());
        SSLSocket socket =
            (SSLSocket)
                context(identity).getSocketFactory().createSocket(tcp, serverName, 443, true)) {
      tcp.setSoTimeout(PATIENCE_MILLIS);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the DNS name is in the certificate
      socket.setSSLParameters(parameters);
      socket.getOutputStream().write(content);
      byte[] echoed = socket.getInputStream().readNBytes(content.length);
      return new BoringPeers.Exchange(peerOf(socket), ByteBuffer.wrap(echoed));
    }
  }

  private static X509Certificate peerOf(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  private SSLContext context(Identity identity) throws GeneralSecurityException, IOException {
    char[] password = {};
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, password);
    keys.setKeyEntry("own", identity.key(), password, new Certificate[] {identity.certificate()});
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, password);
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, password);
    authorities.setCertificateEntry("mesh", mesh.authority());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  /**
   * A running service: one connection after the other.
   *
   * @param callers the certificates that its callers showed
   */
  record Service(SSLServerSocket listening, BlockingQueue<X509Certificate> callers)
      implements AutoCloseable {
    int port() {
      return listening.getLocalPort();
    }

    private void serve() {
      while (!listening.isClosed()) {
        try (SSLSocket socket = (SSLSocket) listening.accept()) {
          socket.startHandshake();
          callers.add(peerOf(socket));
          socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
          // A caller that broke off, or the end of the test.
        }
      }
    }

    @Override
    public void close() throws IOException {
      listening.close();
    }
  }
}
