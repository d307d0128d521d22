package io.zoneproxy.egress.e2e;

import io.zoneproxy.core.config.ProxyConfig;
import io.zoneproxy.core.export.Collectors;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.observe.access.ChainAccessLogs;
import io.zoneproxy.core.observe.request.HttpStatsTable;
import io.zoneproxy.core.observe.request.RequestRecord;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.egress.MeshScopedRole;
import io.zoneproxy.ingress.OwnProxy;
import io.zoneproxy.ingress.serve.ServedChains;
import io.zoneproxy.ingress.telemetry.ChainLogs;
import io.zoneproxy.ingress.telemetry.Telemetry;
import io.zoneproxy.tls.context.ClientContexts;
import io.zoneproxy.tls.context.TlsContexts;
import io.zoneproxy.tls.identity.TestAuthority;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** An egress that ends TLS, as the program runs it, and peers of the JDK's TLS on both sides. */
final class OutsideWorld implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final char[] NO_PASSWORD = {};
  private static final String ZONE = "zone-1";

  final RunningProxy egress;
  final BlockingQueue<RequestRecord> requests = new LinkedBlockingQueue<>();
  private final TlsContexts ends = new TlsContexts();
  private final ClientContexts begins = new ClientContexts();
  private final Collectors collectors;
  private final ChainAccessLogs logs;

  /**
   * @param workDir keeps builtin CAs; empty = none
   */
  OutsideWorld(ZoneFiles files, Optional<Path> workDir) {
    this(files, workDir, ProxyConfig.withMaxConnections(1000));
  }

  OutsideWorld(ZoneFiles files, Optional<Path> workDir, ProxyConfig config) {
    this(files, workDir, config, RunningProxy.read(KumaTexts.ownEgress(ZONE)));
  }

  /** One of any role. */
  OutsideWorld(ZoneFiles files, Optional<Path> workDir, ProxyConfig config, OwnProxy own) {
    ServerStats stats = new ServerStats();
    collectors = Telemetry.collectors(own, stats);
    logs = new ChainAccessLogs(stats, collectors);
    ChainLogs told = new ChainLogs(ConnectionObserver.NONE, requests::add, logs);
    egress =
        RunningProxy.start(
            ZONE,
            files,
            told,
            builder ->
                builder
                    .config(config)
                    .stats(stats)
                    .engine(
                        new ServedChains(
                            ends,
                            begins,
                            Map.of(),
                            config.relay(),
                            told,
                            new HttpStatsTable(),
                            collectors))
                    .secrets(own.secrets(ZONE, workDir)),
            own);
    collectors.begin(egress.proxy::cluster);
  }

  /**
   * A Dataplane with a listener of either type. Their addresses differ, so that each may have a
   * port of the kernel's choice.
   *
   * @param workDir keeps builtin CAs; empty = none
   */
  static OutsideWorld ofMesh(ZoneFiles files, Optional<Path> workDir) {
    Listener in = new Listener(Role.ZONE_INGRESS, new HostPort("127.0.0.2", 0), "zi-port");
    Listener out = new Listener(Role.ZONE_EGRESS, new HostPort("127.0.0.1", 0), "ze-port");
    Meta meta =
        new Meta(
            "Dataplane",
            "zp-1",
            "default",
            Map.of("kuma.io/workload", "zone-proxy"),
            Source.ofFile("own.yaml"));
    return new OutsideWorld(
        files,
        workDir,
        ProxyConfig.withMaxConnections(1000),
        new OwnProxy(
            new MeshScopedRole(),
            new Dataplane(meta, "127.0.0.1", 0, List.of(), List.of(in, out))));
  }

  /** A caller's socket with the handshake done. */
  SSLSocket connect(String serverName, TestAuthority trusted, @Nullable Issued own)
      throws IOException, GeneralSecurityException {
    return connect(egress.address(), serverName, context(trusted, own));
  }

  static SSLSocket connect(InetSocketAddress to, String serverName, SSLContext context)
      throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.connect(to, PATIENCE_MILLIS);
    socket.setSoTimeout(PATIENCE_MILLIS);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(serverName)));
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** The status line of a request without a body. */
  static String request(SSLSocket socket) throws IOException {
    String text = "GET / HTTP/1.1\r\nHost: outside\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  /** What comes back for a word. */
  static String echo(Socket socket, String word) throws IOException {
    socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readNBytes(word.length()), StandardCharsets.US_ASCII);
  }

  static SSLContext context(TestAuthority trusted, @Nullable Issued own)
      throws IOException, GeneralSecurityException {
    return context(own, trust(trusted));
  }

  static SSLContext context(@Nullable Issued own, TrustManager trust)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    if (own != null) {
      store.setKeyEntry("own", own.key(), NO_PASSWORD, own.presented());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new TrustManager[] {trust}, null);
    return context;
  }

  static X509TrustManager trust(TestAuthority trusted)
      throws IOException, GeneralSecurityException {
    KeyStore anchors = KeyStore.getInstance("PKCS12");
    anchors.load(null, NO_PASSWORD);
    anchors.setCertificateEntry("ca", trusted.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(anchors);
    return (X509TrustManager) trust.getTrustManagers()[0];
  }

  /** A service outside that speaks TLS: one answer of HTTP for each connection. */
  static SSLServerSocket https(SSLContext context) throws IOException {
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread serving = new Thread(() -> serve(server), "outside");
    serving.setDaemon(true);
    serving.start();
    return server;
  }

  private static void serve(SSLServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.setSoTimeout(PATIENCE_MILLIS);
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int next = in.read();
          if (next < 0) {
            break;
          }
          head.append((char) next);
        }
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // a client that did not like us, or the end
      }
    }
  }

  @Override
  public void close() {
    egress.close();
    logs.close();
    collectors.close();
    ends.close();
    begins.close();
  }
}
