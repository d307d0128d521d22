package io.zoneproxy.core.relay;

import io.zoneproxy.core.model.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does with each connection, on a thread of its own, what a test says. */
public final class TestUpstream implements AutoCloseable {
  /** What is done with a connection; the socket is closed afterwards. */
  @FunctionalInterface
  public interface Behaviour {
    void serve(Socket socket) throws IOException;
  }

  /** Sends everything back until EOF. */
  public static final Behaviour ECHO =
      socket -> socket.getInputStream().transferTo(socket.getOutputStream());

  public final AtomicInteger connections = new AtomicInteger();
  public final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final ServerSocket server;
  private final Behaviour behaviour;

  public TestUpstream(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    this.server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  public HostPort address() {
    return new HostPort("127.0.0.1", server.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // The server was closed: the end of every test.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setSoTimeout(20_000);
      behaviour.serve(socket);
    } catch (IOException e) {
      failures.add(e);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "test-upstream");
    thread.setDaemon(true);
    thread.start();
  }

  /** Reads one line, as the hello of a test is. */
  public static String readLine(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = socket.getInputStream().read(); c != '\n' && c >= 0; ) {
      line.append((char) c);
      c = socket.getInputStream().read();
    }
    return line.toString();
  }

  /** An address at which nothing listens. */
  public static HostPort refusing() {
    return new HostPort("127.0.0.1", FreePort.onLoopback());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
