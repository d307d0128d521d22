package io.zoneproxy.bench.load;

import java.nio.ByteBuffer;

/**
 * What a client asks of the upstream server, in a header of fixed length.
 *
 * @param kind what to do
 * @param stream a number that client and server know the stream by; 0 when nobody asks
 * @param bytes of content to answer with; 0 for streams
 * @param paddingBytes of content that follow the header
 */
record Request(Kind kind, long stream, long bytes, int paddingBytes) {
  /** Eight bytes that no content or ClientHello begins with. */
  private static final long MAGIC = 0x7a6f6e6570726f78L;

  static final int HEADER_BYTES = Long.BYTES + 2 * Integer.BYTES + 2 * Long.BYTES;

  private static final Kind[] KINDS = Kind.values();

  /** What to do. */
  enum Kind {
    /** Send so many bytes, then wait for the next request. */
    ANSWER(1),
    /** Send so many bytes, then FIN. */
    ANSWER_AND_CLOSE(2),
    /** Send without end. */
    DOWNLOAD(3),
    /** End the download: FIN after what was sent. */
    STOP(4),
    /** All that follows is content, up to FIN. */
    UPLOAD(5);

    private final int code; // on the wire; the place in this list and one

    Kind(int code) {
      this.code = code;
    }
  }

  /** The header; padding is not part of it. */
  void encode(ByteBuffer out) {
    out.putLong(MAGIC).putInt(kind.code).putInt(paddingBytes).putLong(stream).putLong(bytes);
  }

  /**
   * Reads a header.
   *
   * @throws IllegalArgumentException when the bytes are none: something before them was lost
   */
  static Request decode(ByteBuffer in) {
    long magic = in.getLong();
    int code = in.getInt();
    int padding = in.getInt();
    if (magic != MAGIC || code < 1 || code > KINDS.length || padding < 0) {
      throw new IllegalArgumentException(
          Long.toHexString(magic) + " " + code + " " + padding + " (expected: a request)");
    }
    return new Request(KINDS[code - 1], in.getLong(), in.getLong(), padding);
  }
}
