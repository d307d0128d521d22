package io.zoneproxy.bench.load.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** The body of an answer, of a length that the path asks for: {@code /100} has 100 bytes. */
final class Answer {
  /** A stream's first window (RFC 9113 §6.9.2), which the client does not widen. */
  static final int MOST_BYTES = 65_535;

  private static final ByteBuf BYTES = bytes();

  private Answer() {}

  private static ByteBuf bytes() {
    byte[] bytes = new byte[MOST_BYTES];
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt('z' - 'a'));
    }
    return Kept.of(bytes);
  }

  /** A whole HTTP/1.1 response with a body of this length. */
  static ByteBuf response(int length) {
    String head =
        "HTTP/1.1 200 OK\r\n"
            + "content-type: text/plain\r\n"
            + "server: bench\r\n"
            + "cache-control: no-store\r\n"
            + "content-length: "
            + length
            + "\r\n\r\n";
    ByteBuf response = Unpooled.buffer(head.length() + length);
    response.writeCharSequence(head, StandardCharsets.US_ASCII);
    response.writeBytes(BYTES, 0, length);
    return Kept.of(response);
  }

  /** Whether a piece of a body is what it should be. */
  static boolean isRight(ByteBuf piece, int from, int length, int position) {
    for (int i = 0; i < length; i++) {
      if (piece.getByte(from + i) != BYTES.getByte(position + i)) {
        return false;
      }
    }
    return true;
  }
}
