package io.zoneproxy.ingress.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.tls.hello.ClientHellos;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;

/** What stands on both sides of a proxy, and asks its HTTP ports. */
public final class Peers {
  private static final int PATIENCE_MILLIS =
      30_000; // a hanging proxy fails the test, not the build

  private Peers() {}

  /** An answer of an HTTP port. */
  public record Http(int status, String body) {}

  /** Asks on loopback. */
  public static Http get(int port, String path) throws IOException {
    return get(InetAddress.getLoopbackAddress(), port, path);
  }

  /** Asks at this address. */
  public static Http get(InetAddress host, int port, String path) throws IOException {
    return ask(host, port, "GET", path);
  }

  /** Posts nothing, on loopback. */
  public static Http post(int port, String path) throws IOException {
    return ask(InetAddress.getLoopbackAddress(), port, "POST", path);
  }

  /** Waits until the readiness port says so. */
  public static void awaitReady(int port) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60)) // a JVM's start on a busy machine
        .ignoreExceptionsInstanceOf(IOException.class) // nobody listens yet
        .until(() -> get(port, "/ready").status() == 200);
  }

  /** A port of loopback that is free now. */
  public static int freePort() {
    return FreePort.onLoopback();
  }

  private static Http ask(InetAddress host, int port, String method, String path)
      throws IOException {
    try (Socket socket = dial(host, port)) {
      String request =
          method
              + " "
              + path
              + " HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      return new Http(Integer.parseInt(answer.split(" ", -1)[1]), body);
    }
  }

  private static Socket dial(InetAddress host, int port) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
    return socket;
  }

  /** A connection through the proxy to a server that echoes. */
  static final class Session implements AutoCloseable {
    private final Socket socket;

    /** Dials, sends a ClientHello with this name, and waits until it has come back whole. */
    Session(int port, String serverName) throws IOException {
      socket = dial(InetAddress.getLoopbackAddress(), port);
      exchange(ClientHellos.records(ClientHellos.withServerName(serverName)));
    }

    /** Sends something and waits for it. */
    void exchange(String text) throws IOException {
      exchange(text.getBytes(StandardCharsets.UTF_8));
    }

    private void exchange(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      assertThat(socket.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Sends something that is no TLS, and waits for the refusal. */
  static void sendNoTls(int port) throws IOException {
    try (Socket socket = dial(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("not TLS\n".getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      assertThat(e).hasMessageContaining("reset"); // a refusal too
    }
  }

  /** Echoes on a free port of loopback until it is closed. */
  static final class EchoServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    EchoServer() throws IOException {
      daemon(this::accept);
    }

    int port() {
      return socket.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket accepted = socket.accept();
          daemon(() -> echo(accepted));
        }
      } catch (IOException e) {
        // closed: the test is over
      }
    }

    private static void echo(Socket accepted) {
      try (accepted;
          InputStream in = accepted.getInputStream()) {
        in.transferTo(accepted.getOutputStream());
      } catch (IOException e) {
        // the peer is gone: some tests kill it
      }
    }

    private static void daemon(Runnable work) {
      Thread thread = new Thread(work, "echo");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
