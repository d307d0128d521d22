package io.zoneproxy.egress.e2e;

import io.zoneproxy.tls.hello.ClientHellos;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A connection on which a test writes what it wants. */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  final Socket socket;

  private RawClient(InetSocketAddress door, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(door, PATIENCE_MILLIS);
  }

  public static RawClient dial(InetSocketAddress door) throws IOException {
    return new RawClient(door, 0);
  }

  /** Dials, and says that it takes little at a time. */
  static RawClient dialSlowly(InetSocketAddress door, int receiveBuffer) throws IOException {
    return new RawClient(door, receiveBuffer);
  }

  /** A ClientHello in one record. */
  public static byte[] hello(String serverName) {
    return ClientHellos.records(ClientHellos.withServerName(serverName));
  }

  /** Dials and sends a ClientHello with this name. */
  public static RawClient dial(InetSocketAddress door, String serverName) throws IOException {
    return dial(door).send(hello(serverName));
  }

  public RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** So many bytes, or fewer before a FIN. */
  public byte[] read(int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  /** What comes before the connection's end, be it FIN or RST. */
  public byte[] readToTheEnd() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      for (int next = socket.getInputStream().read();
          next >= 0;
          next = socket.getInputStream().read()) {
        all.write(next);
      }
    } catch (java.net.SocketException e) {
      return all.toByteArray(); // RST is an end too
    }
    return all.toByteArray();
  }

  /** Whether the connection ends with RST, after whatever else. */
  boolean isReset() throws IOException {
    try {
      socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
      return false;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  /** Ends it with RST. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
