package io.zoneproxy.tls.identity;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks a {@link PeerCheck} on behalf of a TLS provider; knows no servers. Thread-safe. */
public final class PeerTrust extends X509ExtendedTrustManager {
  private final PeerCheck clients;

  /** Trusts the clients that the check lets pass. */
  public PeerTrust(PeerCheck clients) {
    this.clients = clients;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    clients.verify(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    clients.verify(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    clients.verify(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw noServers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw noServers();
  }

  private static CertificateException noServers() {
    return new PeerRefusedException("a server's certificate where only clients are expected");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return clients.authorities().toArray(X509Certificate[]::new);
  }
}
