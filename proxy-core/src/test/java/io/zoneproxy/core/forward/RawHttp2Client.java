package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that speaks HTTP/2 frame by frame, so that a test sees each of them. */
final class RawHttp2Client implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int GOAWAY = 7;
  static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  /** One frame as it came. */
  record Frame(int type, int flags, int stream, String payload) {
    boolean ends() {
      return (flags & END_STREAM) != 0;
    }
  }

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  RawHttp2Client(InetSocketAddress address) throws IOException {
    socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(20_000);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    out.write(PREFACE);
    send(SETTINGS, 0, 0, new byte[0]);
  }

  /** A request's head; names and values are shorter than 127 characters. */
  void head(int stream, boolean last, String... namesAndValues) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0); // literal, never in a table (RFC 7541 §6.2.2)
      for (String text : new String[] {namesAndValues[i], namesAndValues[i + 1]}) {
        block.write(text.length());
        block.writeBytes(text.getBytes(US_ASCII));
      }
    }
    send(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block.toByteArray());
  }

  void get(int stream, String path) throws IOException {
    head(stream, true, ":method", "GET", ":scheme", "http", ":path", path, ":authority", "x");
  }

  void post(int stream, String path) throws IOException {
    head(stream, false, ":method", "POST", ":scheme", "http", ":path", path, ":authority", "x");
  }

  void data(int stream, boolean last, byte[] bytes) throws IOException {
    send(DATA, last ? END_STREAM : 0, stream, bytes);
  }

  void send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(payload.length >> 16);
    frame.write(payload.length >> 8);
    frame.write(payload.length);
    frame.write(type);
    frame.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      frame.write(stream >> shift);
    }
    frame.writeBytes(payload);
    out.write(frame.toByteArray());
  }

  /** The next frame, whatever it is. */
  Frame frame() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(type, flags, stream, new String(payload, ISO_8859_1));
  }

  /** The next frame of a stream. */
  Frame frameOf(int stream) throws IOException {
    Frame next = frame();
    while (next.stream() != stream) {
      if (next.type() == GOAWAY) {
        throw new IOException("told to go: " + next.payload());
      }
      next = frame();
    }
    return next;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
