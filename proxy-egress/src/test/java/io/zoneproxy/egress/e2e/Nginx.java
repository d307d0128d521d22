package io.zoneproxy.egress.e2e;

import static org.awaitility.Awaitility.await;

import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.egress.demo.Shell;
import io.zoneproxy.tls.identity.TestAuthority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A real nginx as a service outside: it keeps files that are put, and gives them back. Each answer
 * tells by its header {@code seen} the protocol, connection and host of the request as nginx saw
 * them.
 */
final class Nginx implements AutoCloseable {
  private static final String PROGRAM = "/usr/sbin/nginx"; // seldom in the path of a user
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How many requests it takes on one connection of a {@link #shortPort}. */
  static final int FEW_REQUESTS = 3;

  /** More than any test sends. */
  private static final int MANY_REQUESTS = 10_000;

  /** What nginx speaks at a port. */
  enum Speaks {
    HTTP11("", "HTTP/1.1"),
    HTTP11_OVER_TLS("ssl", "HTTP/1.1"),
    HTTP2("http2", "HTTP/2.0"),
    HTTP2_OVER_TLS("ssl http2", "HTTP/2.0");

    private final String listen;

    /** As nginx calls it. */
    final String protocol;

    Speaks(String listen, String protocol) {
      this.listen = listen;
      this.protocol = protocol;
    }

    boolean tls() {
      return listen.startsWith("ssl");
    }

    boolean http2() {
      return listen.endsWith("http2");
    }
  }

  private final Path folder;
  private final Map<Speaks, Integer> ports = new EnumMap<>(Speaks.class);
  private final Map<Speaks, Integer> shortPorts = new EnumMap<>(Speaks.class);
  private final Process process;

  /**
   * Starts it, or skips the test where there is none.
   *
   * @param shown what it shows to those that come with TLS
   */
  Nginx(Path parent, Issued shown) throws IOException, InterruptedException {
    Shell.assumeThere(PROGRAM);
    for (Speaks speaks : Speaks.values()) {
      ports.put(speaks, FreePort.onLoopback());
      shortPorts.put(speaks, FreePort.onLoopback());
    }
    folder = Files.createDirectories(parent.resolve("nginx"));
    Files.createDirectories(folder.resolve("www"));
    Files.writeString(folder.resolve("server.pem"), shown.chainPem());
    Files.writeString(folder.resolve("server.key"), shown.keyPem());
    Path written = folder.resolve("output");
    process =
        new ProcessBuilder(
                PROGRAM,
                "-p",
                folder.toString(),
                "-c",
                Files.writeString(folder.resolve("nginx.conf"), configuration()).toString())
            .redirectErrorStream(true)
            .redirectOutput(written.toFile())
            .start();
    // Also when the test does not come to its end.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    await().atMost(PATIENCE).until(() -> !process.isAlive() || listens());
    if (!process.isAlive()) {
      throw new IllegalStateException("nginx has ended: " + Files.readString(written));
    }
  }

  private String configuration() {
    String servers =
        Arrays.stream(Speaks.values())
            .map(
                speaks ->
                    server(port(speaks), speaks, MANY_REQUESTS)
                        + server(shortPort(speaks), speaks, FEW_REQUESTS))
            .collect(Collectors.joining());
    return """
    %sdaemon off;
    worker_processes 1;
    pid nginx.pid;
    error_log stderr;
    events { worker_connections 512; }
    http {
      access_log off;
      client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
      uwsgi_temp_path temp; scgi_temp_path temp;
      ssl_certificate server.pem;
      ssl_certificate_key server.key;
      root www;
      client_max_body_size 0;
      dav_methods PUT;
      add_header seen "$server_protocol $pid/$connection $host" always;
    %s\
    }
    """
        .formatted(
            // A worker of root's is nobody otherwise, who may not look into the folder.
            System.getProperty("user.name").equals("root") ? "user root;\n" : "", servers);
  }

  private static String server(int port, Speaks speaks, int requests) {
    return "  server { listen 127.0.0.1:%d %s; keepalive_requests %d; }\n"
        .formatted(port, speaks.listen, requests);
  }

  /** It begins to listen at all of its ports, or at none. */
  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(Speaks.HTTP11))) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  int port(Speaks speaks) {
    return Objects.requireNonNull(ports.get(speaks));
  }

  /** One at which it ends its connections soon. */
  int shortPort(Speaks speaks) {
    return Objects.requireNonNull(shortPorts.get(speaks));
  }

  /** What it keeps under a path. */
  Path file(String name) {
    return folder.resolve("www").resolve(name);
  }

  /** Lets it read its configuration again: its worker ends, once it is done, and another begins. */
  void replaceWorker() throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    if (new ProcessBuilder("kill", "-HUP", pid).start().waitFor() != 0) {
      throw new IllegalStateException("no kill -HUP " + pid);
    }
  }

  @Override
  public void close() {
    process.destroy(); // it ends its workers
    try {
      await().atMost(PATIENCE).until(() -> !process.isAlive());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
