package io.zoneproxy.core.relay;

import io.zoneproxy.core.model.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** An address of this machine that answers no SYN: its queue of connections is full. */
public final class Blackhole implements AutoCloseable {
  /** More than Linux lets into a queue of one. */
  private static final int ENOUGH = 16;

  /** A SYN on loopback is answered within microseconds, or not at all. */
  private static final int UNANSWERED_MILLIS = 500;

  private final ServerSocket server;
  private final List<Socket> waiting = new ArrayList<>();

  /** Skips the test where the system queues without end. */
  public Blackhole() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Assumptions.assumeTrue(fill(), "skipped: this system answers a SYN to a full queue");
  }

  private boolean fill() throws IOException {
    InetSocketAddress to = (InetSocketAddress) server.getLocalSocketAddress();
    for (int i = 0; i < ENOUGH; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(to, UNANSWERED_MILLIS);
      } catch (SocketTimeoutException e) {
        return true;
      }
    }
    return false;
  }

  /** Where nothing answers. */
  public HostPort address() {
    return new HostPort("127.0.0.1", server.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : waiting) {
      socket.close();
    }
    server.close();
  }
}
