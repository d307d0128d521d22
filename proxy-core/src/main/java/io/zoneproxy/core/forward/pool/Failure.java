package io.zoneproxy.core.forward.pool;

import io.zoneproxy.core.observe.CloseReason;

/**
 * Why no response comes, or no more of it.
 *
 * @param reason what happened
 * @param detail more words, "" for none
 * @param untouched whether the upstream has certainly done nothing with the request: it may be sent
 *     again, whatever it asks for (RFC 9113 §8.7)
 * @param stream whether the upstream reset this one only, and not the connection
 */
public record Failure(CloseReason reason, String detail, boolean untouched, boolean stream) {
  /** Of a connection. */
  Failure(CloseReason reason, String detail, boolean untouched) {
    this(reason, detail, untouched, false);
  }

  static Failure of(CloseReason reason, String detail) {
    return new Failure(reason, detail, false);
  }
}
