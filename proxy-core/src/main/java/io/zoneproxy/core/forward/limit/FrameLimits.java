package io.zoneproxy.core.forward.limit;

import java.util.concurrent.TimeUnit;

/**
 * What a peer may send over HTTP/2 that moves no request on, and costs it next to nothing. Each
 * method counts one frame, and says whether it is one too many. On the event loop of the
 * connection.
 */
public final class FrameLimits {
  /** PRIORITY for each stream, and for none; Envoy's default. */
  static final int PRIORITIES_PER_STREAM = 100;

  /** WINDOW_UPDATE for each DATA frame that they may answer; Envoy's default. */
  static final int UPDATES_PER_DATA = 10;

  /** Before and beside that, for windows that are widened at the begin; Envoy's, too. */
  private static final int FIRST_UPDATES = 5;

  /** For the stream and for the connection: Envoy's formula has the same. */
  private static final int WINDOWS = 2;

  /** DATA without content in a row (CVE-2019-9518); Netty's default. */
  static final int EMPTY_DATA = 2;

  /**
   * PING, SETTINGS, unknown frames and the like at once. Envoy limits only those whose answers are
   * not read, and that many of them.
   */
  static final int CONTROL_BURST = 1_000;

  /** More of them in a second: a hundred times what asks whether a peer is still there. */
  private static final int CONTROL_PER_SECOND = 100;

  /**
   * As much is granted for each frame that moves something: gRPC measures with one PING for what a
   * read brought how fast a connection is, and a window is opened with two updates.
   */
  private static final int CONTROL_PER_MOVE = 2;

  /** Of DATA, what may be under way for a stream when we reset it: its window. */
  private static final int LEFTOVER_BYTES = Limits.LEFTOVER_BYTES;

  /**
   * What HEADERS for such a stream count: they have no window, and share that of DATA. 1 KiB, about
   * as long as a head is, so 256 of them for each stream that we reset.
   */
  private static final int HEAD_BYTES = 1024;

  private long priorities;
  private long updates;
  private long dataSent;
  private int emptyInRow;
  private double control = CONTROL_BURST; // that are left
  private long refilledNanos = System.nanoTime();
  private long leftover = LEFTOVER_BYTES; // that is left

  /** PING, SETTINGS, their answers, GOAWAY, what is unknown, resets of streams that are over. */
  public boolean onControl() {
    long now = System.nanoTime();
    double grown =
        (double) (now - refilledNanos) * CONTROL_PER_SECOND / TimeUnit.SECONDS.toNanos(1);
    refilledNanos = now;
    control = Math.min(CONTROL_BURST, control + grown) - 1;
    return control < 0;
  }

  /**
   * PRIORITY.
   *
   * @param streams that were begun on the connection
   */
  public boolean onPriority(long streams) {
    priorities++;
    return priorities > PRIORITIES_PER_STREAM * (1 + streams);
  }

  /**
   * WINDOW_UPDATE.
   *
   * @param streams that were begun on the connection
   */
  public boolean onWindowUpdate(long streams) {
    updates++;
    return updates > FIRST_UPDATES + WINDOWS * (streams + UPDATES_PER_DATA * dataSent);
  }

  /**
   * DATA.
   *
   * @param moves whether it has content or ends its stream
   */
  public boolean onData(boolean moves) {
    if (moves) {
      emptyInRow = 0;
      moved();
      return false;
    }
    emptyInRow++;
    return emptyInRow > EMPTY_DATA;
  }

  /** HEADERS of a stream that is open, or begins. */
  public void onHead() {
    emptyInRow = 0;
    moved();
  }

  /** HEADERS for a stream that is over. */
  public boolean onLeftoverHead() {
    return onLeftover(HEAD_BYTES);
  }

  /**
   * DATA for a stream that is over.
   *
   * @param bytes of it; a frame without any counts as one
   */
  public boolean onLeftover(int bytes) {
    leftover -= Math.max(1, bytes);
    return leftover < 0;
  }

  /** We have reset a stream: the peer may not know yet. */
  public void onResetSent() {
    leftover += LEFTOVER_BYTES;
  }

  /**
   * We have sent DATA.
   *
   * @param frames of it
   */
  public void onDataSent(int frames) {
    dataSent += frames;
    moved();
  }

  private void moved() {
    if (control < CONTROL_BURST) {
      control = Math.min(CONTROL_BURST, control + CONTROL_PER_MOVE);
    }
  }
}
