package io.zoneproxy.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A relay of two threads a connection that does one thing wrong on the way to the client. */
final class FaultyRelay implements AutoCloseable {
  /** Within the first answer of every work. */
  private static final int PLACE = 500;

  /** What it does wrong. */
  enum Fault {
    NONE,
    LOSE_A_BYTE,
    CHANGE_A_BYTE,
    CUT_SHORT
  }

  private final ServerSocket listener;
  private final InetSocketAddress upstream;
  private final Fault fault;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  private FaultyRelay(ServerSocket listener, InetSocketAddress upstream, Fault fault) {
    this.listener = listener;
    this.upstream = upstream;
    this.fault = fault;
  }

  static FaultyRelay to(InetSocketAddress upstream, Fault fault) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    FaultyRelay relay = new FaultyRelay(listener, upstream, fault);
    inBackground(relay::acceptAll);
    return relay;
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket downstream = listener.accept();
      Socket upstreamSocket = new Socket(upstream.getAddress(), upstream.getPort());
      sockets.add(downstream);
      sockets.add(upstreamSocket);
      inBackground(() -> copy(downstream, upstreamSocket, Fault.NONE));
      inBackground(() -> copy(upstreamSocket, downstream, fault));
    }
  }

  private static void copy(Socket from, Socket to, Fault fault) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    if (fault != Fault.NONE) {
      out.write(in.readNBytes(PLACE));
      int next = in.read();
      if (fault == Fault.CHANGE_A_BYTE) {
        out.write(~next);
      }
    }
    if (fault != Fault.CUT_SHORT) {
      in.transferTo(out);
    }
    to.shutdownOutput();
  }

  private static void inBackground(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // a peer or the test has closed a socket: the relay ends with it
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(
        socket -> {
          try {
            socket.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** What a thread does. */
  private interface Task {
    void run() throws IOException;
  }
}
