package io.zoneproxy.bench.push;

import io.zoneproxy.tls.hello.ClientHellos;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A connection through the proxy. Blocks. */
final class Client implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Socket socket = new Socket();
  private final char letter;

  /** Connects, and waits for the upstream's letter. */
  Client(int port, String serverName) throws IOException {
    socket.setSoTimeout(TIMEOUT_MILLIS);
    byte[] hello = ClientHellos.records(ClientHellos.builder().serverName(serverName).message());
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.getOutputStream().write(hello);
      letter = (char) read();
      for (byte each : hello) {
        if (read() != (each & 0xff)) {
          throw new IOException("another byte than was sent");
        }
      }
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private int read() throws IOException {
    int read = socket.getInputStream().read();
    if (read < 0) {
      throw new EOFException();
    }
    return read;
  }

  /** Of the upstream that it leads to. */
  char letter() {
    return letter;
  }

  /** Whether it is alive: a byte goes there and back. */
  boolean lives() {
    try {
      socket.getOutputStream().write('?');
      return read() == '?';
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
