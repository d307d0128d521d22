package io.zoneproxy.core.trace;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a span stands in its trace.
 *
 * @param traceHigh the upper half of the trace's id; 0 when it has 64 bits only
 * @param traceLow the lower half
 * @param spanId never 0
 * @param parentId of the span before; 0 = none: it is the first of its trace
 * @param sampled whether it is reported; its place is passed on all the same
 * @param shared whether the span before has the same id: its other half, seen from there
 * @param state what else is passed on, as the headers of its kind want it; "" for nothing
 */
public record Place(
    long traceHigh,
    long traceLow,
    long spanId,
    long parentId,
    boolean sampled,
    boolean shared,
    String state) {

  /** An id: no secret, so a cheap random number will do. */
  static long freshId() {
    long id = ThreadLocalRandom.current().nextLong();
    return id == 0 ? 1 : id;
  }

  /** The first span of a trace. */
  static Place first(long traceHigh, boolean sampled, String state) {
    return new Place(traceHigh, freshId(), freshId(), 0, sampled, false, state);
  }

  /** The trace's id in hexadecimal digits: 32, or 16 of one that has 64 bits. */
  public String traceId() {
    StringBuilder out = new StringBuilder(2 * Hex.LONG);
    if (traceHigh != 0) {
      Hex.append(out, traceHigh);
    }
    return Hex.append(out, traceLow).toString();
  }
}
