package io.zoneproxy.core.observe.access;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Takes what is sent to it over TCP, on loopback, and keeps it for each connection. */
final class Collector implements AutoCloseable {
  private final ServerSocket server;
  private final List<AtomicReference<String>> received = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  /** Listens on a port; 0 = any. */
  Collector(int port) throws IOException {
    server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
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
    return received.stream().map(AtomicReference::get).toList();
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
        AtomicReference<String> bytes = new AtomicReference<>("");
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

  private static void read(Socket socket, AtomicReference<String> bytes) {
    byte[] part = new byte[4096];
    try (InputStream in = socket.getInputStream()) {
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        String text = new String(part, 0, n, StandardCharsets.UTF_8);
        bytes.accumulateAndGet(text, String::concat);
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
