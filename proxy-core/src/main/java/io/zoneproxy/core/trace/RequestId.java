package io.zoneproxy.core.trace;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The id of a request ({@code x-request-id}). As in Envoy it is a UUID whose version says whether
 * the request is traced, and whose first digits decide which share of all it belongs to: proxies on
 * its way decide alike.
 */
public final class RequestId {
  /** Its header. */
  public static final String HEADER = "x-request-id";

  private static final int LENGTH = 36; // of a UUID's text
  private static final int MARK = 14; // where its version stands
  private static final int NUMBER_DIGITS = 8;
  private static final int HEX = 16;

  /** Shares are counted in hundredths of a percent. */
  static final int SHARES = 10_000;

  private RequestId() {}

  /** A new one that says nothing. No secret: a cheap random number will do. */
  public static String fresh() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long version4 = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L; // RFC 9562 §5.4
    long variant = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(version4, variant).toString();
  }

  /** The share it belongs to, from 0 to 9,999; -1 when it is no UUID and none is chosen by it. */
  static int share(String id) {
    if (id.length() != LENGTH) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < NUMBER_DIGITS; i++) {
      int digit = Character.digit(id.charAt(i), HEX);
      if (digit < 0) {
        return -1;
      }
      number = number * HEX + digit;
    }
    return (int) (number % SHARES);
  }

  /** What it says; only of one that has a share. */
  static TraceReason reason(String id) {
    return TraceReason.of(id.charAt(MARK));
  }

  /** The same one, saying this; only of one that has a share. */
  static String saying(String id, TraceReason reason) {
    return id.substring(0, MARK) + reason.mark() + id.substring(MARK + 1);
  }
}
