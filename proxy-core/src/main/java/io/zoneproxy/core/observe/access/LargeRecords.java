package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.observe.access.operator.LoggedConnection;
import io.zoneproxy.core.observe.request.RequestRecord;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps requests with long headers from filling the memory while their records wait: what is kept
 * of a request are its headers, and a client may send 60 KiB of them. Any thread.
 */
final class LargeRecords {
  /** Headers up to here are not counted: a full queue of such holds 32 MiB. */
  static final int SMALL_BYTES = 4 * 1024;

  /** Of all that is larger: as much as a queue of small ones. */
  static final long MOST_BYTES = 32L * 1024 * 1024;

  private final AtomicLong kept = new AtomicLong();

  /**
   * Asks for room.
   *
   * @return bytes to give back, 0 for a small one; -1 when there is no room
   */
  int take(LoggedConnection logged) {
    RequestRecord request = logged.request();
    if (request == null) {
      return 0;
    }
    int bytes = request.request().bytes() + request.response().bytes() + request.trailers().bytes();
    if (bytes <= SMALL_BYTES) {
      return 0;
    }
    if (kept.addAndGet(bytes) > MOST_BYTES) {
      kept.addAndGet(-bytes);
      return -1;
    }
    return bytes;
  }

  /** It is not kept any more. */
  void giveBack(int bytes) {
    if (bytes > 0) {
      kept.addAndGet(-bytes);
    }
  }
}
