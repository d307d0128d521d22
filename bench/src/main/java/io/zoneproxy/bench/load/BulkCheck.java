package io.zoneproxy.bench.load;

import java.io.IOException;

/**
 * Takes one stream's bytes and compares them with the content. One piece of sixteen is looked at,
 * the others are only counted: whatever is lost, doubled or inserted moves all that follows, and so
 * shows in the next piece, or in the total.
 */
final class BulkCheck {
  /** So that looking costs little beside counting. */
  private static final int PIECES_FOR_A_LOOK = 16;

  private final LoadLoop loop;
  private long bytes;
  private int piece;

  BulkCheck(LoadLoop loop) {
    this.loop = loop;
  }

  /** Bytes taken so far. */
  long bytes() {
    return bytes;
  }

  /**
   * Takes a piece off the wire.
   *
   * @return its length; 0 when there is none now; -1 at the end
   * @throws IOException when it is not what was sent
   */
  int take(Wire wire) throws IOException {
    boolean look = piece++ % PIECES_FOR_A_LOOK == 0;
    int skipped = look ? 0 : wire.skip();
    if (skipped > 0) {
      bytes += skipped;
      return skipped;
    }
    int received = wire.receive();
    look(0, received);
    return received;
  }

  /** Compares what is in {@link LoadLoop#received} already; a length below 1 does nothing. */
  void look(int from, int length) throws IOException {
    if (length <= 0) {
      return;
    }
    if (!loop.content().sampleEqual(loop.received(), from, length, bytes)) {
      throw new IOException("a stream differs behind byte " + bytes);
    }
    bytes += length;
  }
}
