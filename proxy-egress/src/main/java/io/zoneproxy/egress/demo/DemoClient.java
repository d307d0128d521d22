package io.zoneproxy.egress.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManagerFactory;

/**
 * Sends requests as a sidecar would: mutual TLS to the service through whatever door it is shown,
 * with a routing server name. Blocking; any number of threads may use one.
 */
final class DemoClient {
  /** Everything is on this machine: what takes longer is broken. */
  private static final int CONNECT_MILLIS = 3_000;

  private static final int READ_MILLIS = 5_000;

  /** Answers have some 150 bytes. */
  private static final int MAX_ANSWER_BYTES = 16 * 1024;

  /** Between a header and its value, and in the answer's own lines. */
  private static final String COLON = ": ";

  private final SSLContext tls;

  private DemoClient(SSLContext tls) {
    this.tls = tls;
  }

  /** A client that trusts the authority and shows the identity. */
  static DemoClient of(X509Certificate authority, DemoCertificates.Identity identity)
      throws IOException, GeneralSecurityException {
    char[] unused = new char[0]; // the store never leaves memory
    KeyStore store = emptyStore();
    store.setKeyEntry("client", identity.key(), unused, new Certificate[] {identity.certificate()});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, unused);

    KeyStore trusted = emptyStore();
    trusted.setCertificateEntry("mesh", authority);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);

    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
    return new DemoClient(context);
  }

  /**
   * One request over a connection of its own. The server must show a certificate of the mesh with
   * the service's SPIFFE name; its DNS names do not count.
   *
   * @param door where to connect, usually an egress
   * @param serverName sent as it is, byte for byte
   * @throws IOException when anything is not as it should be, with the reason in words
   */
  Answer get(InetSocketAddress door, String serverName, String service, String path)
      throws IOException {
    try (Socket plain = new Socket()) {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(READ_MILLIS);
      plain.connect(door, CONNECT_MILLIS);
      String host = door.getAddress().getHostAddress(); // a literal, so no server name of the JDK's
      try (SSLSocket socket =
          (SSLSocket) tls.getSocketFactory().createSocket(plain, host, door.getPort(), true)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new RoutingName(serverName)));
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        requireIdentity(socket, DemoNames.spiffeId(service));
        String request =
            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, service);
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        // Up to the end: the service closes first, we after it, and nobody resets.
        return Answer.parse(socket.getInputStream().readNBytes(MAX_ANSWER_BYTES));
      }
    }
  }

  private static void requireIdentity(SSLSocket socket, String expected) throws SSLException {
    Certificate leaf = socket.getSession().getPeerCertificates()[0];
    if (!(leaf instanceof X509Certificate certificate)
        || !DemoNames.uriOf(certificate, expected).equals(Optional.of(expected))) {
      throw new SSLException("the server is not " + expected);
    }
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** The JDK's own class for server names takes DNS names only. */
  private static final class RoutingName extends SNIServerName {
    RoutingName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(US_ASCII));
    }
  }

  /**
   * What a service said.
   *
   * @param zone where it runs
   * @param service its name
   * @param instance which of its instances it was
   * @param version that instance's version
   * @param caller the SPIFFE name it saw
   * @param path what it was asked for
   */
  record Answer(
      String zone, String service, String instance, String version, String caller, String path) {
    private static final String END_OF_HEAD = "\r\n\r\n";

    /** Reads a whole HTTP/1.1 answer; one that was cut off is an error. */
    static Answer parse(byte[] bytes) throws IOException {
      String text = new String(bytes, UTF_8);
      int end = text.indexOf(END_OF_HEAD);
      if (end < 0) {
        throw new IOException("cut off within the answer's head, after " + bytes.length + " bytes");
      }
      String status = text.lines().findFirst().orElse("");
      if (!status.startsWith("HTTP/1.1 200 ")) {
        throw new IOException("answer: " + status + " (expected: HTTP/1.1 200)");
      }
      String body = text.substring(end + END_OF_HEAD.length());
      Map<String, String> head = fields(text.substring(0, end).toLowerCase(Locale.ROOT));
      int length = body.getBytes(UTF_8).length;
      if (!Integer.toString(length).equals(head.get("content-length"))) {
        throw new IOException(
            "cut off: %d bytes (expected: %s)".formatted(length, head.get("content-length")));
      }
      return of(fields(body));
    }

    private static Answer of(Map<String, String> said) {
      return new Answer(
          said.getOrDefault("zone", ""),
          said.getOrDefault("service", ""),
          said.getOrDefault("instance", ""),
          said.getOrDefault("version", ""),
          said.getOrDefault("caller", ""),
          said.getOrDefault("path", ""));
    }

    private static Map<String, String> fields(String lines) {
      return lines
          .lines()
          .filter(line -> line.contains(COLON))
          .collect(
              Collectors.toMap(
                  line -> line.substring(0, line.indexOf(COLON)),
                  line -> line.substring(line.indexOf(COLON) + COLON.length()),
                  (first, again) -> first));
    }
  }
}
