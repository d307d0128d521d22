package io.zoneproxy.bench.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Stands between the proxy and the control plane, and knows when a byte has gone to the proxy. */
final class Line implements AutoCloseable {
  private static final int BUFFER_BYTES = 256 * 1024;

  private final ServerSocket server;
  private final int to;
  private long sent; // guarded by this
  private long awaited = Long.MAX_VALUE; // guarded by this
  private long reachedAt; // nanoTime; guarded by this

  /**
   * @param to port of the control plane
   */
  Line(int to) throws IOException {
    this.to = to;
    this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "bench-line");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket proxy = server.accept();
        Socket plane = new Socket(InetAddress.getLoopbackAddress(), to);
        proxy.setTcpNoDelay(true);
        plane.setTcpNoDelay(true);
        daemon(() -> pump(proxy, plane, false));
        daemon(() -> pump(plane, proxy, true));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pump(Socket from, Socket into, boolean down) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (from;
        into) {
      InputStream in = from.getInputStream();
      OutputStream out = into.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        if (down) {
          count(read);
        }
      }
    } catch (IOException e) {
      // either side has gone
    }
  }

  private synchronized void count(int bytes) {
    sent += bytes;
    if (sent >= awaited) {
      reachedAt = System.nanoTime();
      awaited = Long.MAX_VALUE;
    }
  }

  /** Notes when this many bytes more have gone to the proxy. */
  synchronized void await(long bytes) {
    awaited = sent + bytes;
    reachedAt = 0;
  }

  /** When they had, by nanoTime; 0 = not yet. */
  synchronized long reachedAt() {
    return reachedAt;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
