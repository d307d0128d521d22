package io.zoneproxy.tls.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks a {@link PeerCheck} on behalf of a TLS provider, about one kind of peers. Thread-safe. */
public final class PeerTrust extends X509ExtendedTrustManager {
  private final PeerCheck check;
  private final boolean servers;

  private PeerTrust(PeerCheck check, boolean servers) {
    this.check = check;
    this.servers = servers;
  }

  /** Trusts the clients that the check lets pass, and no server. */
  public static PeerTrust ofClients(PeerCheck check) {
    return new PeerTrust(check, false);
  }

  /** Trusts the servers that the check lets pass, and no client. */
  public static PeerTrust ofServers(PeerCheck check) {
    return new PeerTrust(check, true);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    verify(chain, false);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    verify(chain, false);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    verify(chain, false);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    verify(chain, true);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    verify(chain, true);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    verify(chain, true);
  }

  private void verify(X509Certificate[] chain, boolean ofServer) throws CertificateException {
    try {
      requireKind(ofServer);
      check.verify(chain);
    } catch (PeerRefusedException e) {
      throw Alert.of(e);
    } catch (IllegalStateException e) { // Netty reads lazily, and says so what the JDK refuses
      throw Alert.of(unreadable(e));
    }
  }

  /**
   * Among what the JDK refuses to read: names that are not critical where there is no subject
   * (against RFC 5280 §4.2.1.6; Envoy takes these, and no issuer that we know makes them).
   */
  private static PeerRefusedException unreadable(IllegalStateException e) {
    Throwable deepest = e;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return new PeerRefusedException("certificate is unreadable: " + deepest.getMessage(), e);
  }

  private void requireKind(boolean ofServer) throws PeerRefusedException {
    if (ofServer != servers) {
      throw new PeerRefusedException(
          servers
              ? "a client's certificate where only servers are expected"
              : "a server's certificate where only clients are expected");
    }
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return check.authorities().toArray(X509Certificate[]::new);
  }
}
