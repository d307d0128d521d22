package io.zoneproxy.core.observe.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes what is sent to it over TCP, on loopback, and keeps it for each connection. */
final class Collector implements AutoCloseable {
  private final ServerSocket server;
  private final List<StringBuffer> received = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** Listens on a port; 0 = any. */
  Collector(int port) throws IOException {
    server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  String address() {
    return "127.0.0.1:" + port();
  }

  /** What each connection sent, in the order of the connections. */
  List<String> received() {
    return received.stream().map(StringBuffer::toString).toList();
  }

  /** Ends the connections that there are, in order. */
  void hangUp() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    hangUp();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        StringBuffer bytes = new StringBuffer();
        sockets.add(socket);
        received.add(bytes);
        daemon(() -> read(socket, bytes));
      }
    } catch (SocketException closed) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(Socket socket, StringBuffer bytes) {
    byte[] part = new byte[4096];
    try (InputStream in = socket.getInputStream()) {
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        bytes.append(new String(part, 0, n, StandardCharsets.UTF_8));
      }
    } catch (IOException ended) {
      return;
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "collector");
    thread.setDaemon(true);
    thread.start();
  }
}
