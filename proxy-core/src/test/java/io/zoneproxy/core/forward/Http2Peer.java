package io.zoneproxy.core.forward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;

/** An upstream's end of a connection that speaks HTTP/2 frame by frame, right or wrong. */
final class Http2Peer {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  private static final int PREFACE_BYTES = 24; // RFC 9113 §3.4

  /** One frame as it came. */
  record Frame(int type, int flags, int stream, String payload) {
    boolean ends() {
      return (flags & END_STREAM) != 0;
    }
  }

  private final DataInputStream in;
  private final DataOutputStream out;

  /** Greets and is greeted. */
  Http2Peer(Socket socket) throws IOException {
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    in.skipNBytes(PREFACE_BYTES);
    send(SETTINGS, 0, 0);
    send(SETTINGS, ACK, 0); // theirs come first, so that they have been read by what follows
    flush();
  }

  void send(int type, int flags, int stream, byte... payload) throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  void flush() throws IOException {
    out.flush();
  }

  /** Fields that no table remembers; names and values are shorter than 127 characters. */
  static byte[] fields(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0); // RFC 7541 §6.2.2
      for (String text : new String[] {namesAndValues[i], namesAndValues[i + 1]}) {
        block.write(text.length());
        block.writeBytes(text.getBytes(US_ASCII));
      }
    }
    return block.toByteArray();
  }

  void head(int stream, boolean last, String... namesAndValues) throws IOException {
    send(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, fields(namesAndValues));
  }

  /** A whole answer. */
  void answer(int stream, String body) throws IOException {
    head(stream, false, ":status", "200", "content-length", Integer.toString(body.length()));
    send(DATA, END_STREAM, stream, body.getBytes(US_ASCII));
    flush();
  }

  Frame frame() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = new byte[length];
    in.readFully(payload);
    return new Frame(type, flags, stream, new String(payload, ISO_8859_1));
  }

  /** The next of a type, whatever comes before. */
  Frame frameOf(int type) throws IOException {
    Frame next = frame();
    while (next.type() != type) {
      next = frame();
    }
    return next;
  }

  /** The next request's stream. */
  int request() throws IOException {
    return frameOf(HEADERS).stream();
  }

  /** Asks for a sign of life, and waits for it: what was sent before has been read. */
  void pong() throws IOException {
    send(PING, 0, 0, new byte[8]);
    flush();
    frameOf(PING);
  }

  /** Reads until the connection ends. */
  void untilEnd() throws IOException {
    while (true) {
      frame();
    }
  }
}
