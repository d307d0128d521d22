package io.zoneproxy.core.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.zoneproxy.core.model.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A proxy of HTTP that knows nothing but CONNECT, and names that nobody else knows. */
public final class ConnectProxy implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  /** What was asked for: {@code HOST:PORT}, in their order. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /** Names and ports as they are asked for, and where they lead: a port of this host. */
  public final Map<String, Integer> names = new ConcurrentHashMap<>();

  private final ServerSocket listening;
  private volatile @Nullable String wanted;
  private volatile @Nullable String instead;

  /** Listens on loopback. */
  public ConnectProxy() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  /** Where it listens. */
  public HostPort address() {
    return new HostPort(listening.getInetAddress().getHostAddress(), listening.getLocalPort());
  }

  /** From now on only with this {@code USER:PASSWORD}. */
  public ConnectProxy wants(String credentials) {
    wanted = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(US_ASCII));
    return this;
  }

  /**
   * From now on it says this to everybody.
   *
   * @param answer "" = nothing: it closes; "-" = nothing, and it stays
   */
  public ConnectProxy says(String answer) {
    instead = answer;
    return this;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return; // the end
      }
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "connect-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      String head = head(socket.getInputStream());
      String target = head.split(" ", -1)[1];
      asked.add(target);
      String answer = instead;
      if (answer != null) {
        socket
            .getOutputStream()
            .write(answer.equals("-") ? new byte[0] : answer.getBytes(US_ASCII));
        if (answer.equals("-")) {
          socket.getInputStream().read();
        }
      } else if (!allowed(head)) {
        say(socket, "407 Proxy Authentication Required\r\nContent-Length: 2", "no");
      } else {
        relay(socket, names.get(target));
      }
    } catch (IOException e) {
      // one of both has left
    }
  }

  private boolean allowed(String head) {
    String credentials = wanted;
    return credentials == null
        || head.lines()
            .anyMatch(
                line ->
                    line.equalsIgnoreCase("Proxy-Authorization: " + credentials)
                        && line.endsWith(credentials));
  }

  private static void relay(Socket socket, @Nullable Integer port) throws IOException {
    if (port == null) {
      say(socket, "502 Bad Gateway\r\nContent-Length: 2", "no");
      return;
    }
    try (Socket to = new Socket(InetAddress.getLoopbackAddress(), port)) {
      say(socket, "200 Connection established", "");
      Thread up = new Thread(() -> copy(socket, to), "connect-proxy-up");
      up.setDaemon(true);
      up.start();
      copy(to, socket);
      up.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // one of both has left
    }
  }

  private static void say(Socket socket, String status, String body) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(("HTTP/1.1 " + status + "\r\n\r\n" + body).getBytes(US_ASCII));
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed");
      }
      head.write(next);
    }
    return head.toString(US_ASCII);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
