package io.zoneproxy.bench.load;

import java.io.IOException;

/** Compares answers of one length, each from the content's beginning, byte by byte. */
final class AnswerCheck {
  private final LoadLoop loop;
  private final long answerBytes;
  private long position;

  AnswerCheck(LoadLoop loop, long answerBytes) {
    this.loop = loop;
    this.answerBytes = answerBytes;
  }

  /**
   * Looks at what was received.
   *
   * @return answers that it completed
   * @throws IOException when a byte differs
   */
  int take(int bytes) throws IOException {
    int complete = 0;
    for (int at = 0; at < bytes; ) {
      int length = (int) Math.min(bytes - at, answerBytes - position);
      if (!loop.content().equal(loop.received(), at, length, position)) {
        throw new IOException("an answer differs behind byte " + position);
      }
      position += length;
      at += length;
      if (position == answerBytes) {
        position = 0;
        complete++;
      }
    }
    return complete;
  }

  /** Whether no answer is half received. */
  boolean atBoundary() {
    return position == 0;
  }
}
