package io.zoneproxy.core.trace;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code traceparent} and {@code tracestate} (W3C Trace Context, level 1), for OpenTelemetry. */
final class TraceParent implements Propagation {
  private static final String PARENT = "traceparent";
  private static final String STATE = "tracestate";

  // 00-<32 digits>-<16 digits>-<2 digits>
  private static final int TRACE = 3;
  private static final int SPAN = TRACE + 2 * Hex.LONG + 1;
  private static final int FLAGS = SPAN + Hex.LONG + 1;
  private static final int LENGTH = FLAGS + 2;
  private static final int SAMPLED = 1;

  /**
   * W3C wants as much carried on at least; a longer one goes on as it came, and is not reported.
   */
  private static final int MAX_STATE = 512;

  @Override
  public @Nullable Place place(HttpHeaders headers, boolean chosen) {
    List<String> parents = headers.getAll(PARENT);
    if (parents.isEmpty()) {
      return Place.first(Place.freshId(), chosen, "");
    }
    String parent = parents.get(0);
    if (parents.size() > 1 || !isWellFormed(parent)) {
      return null;
    }
    long high = Hex.parse(parent, TRACE, TRACE + Hex.LONG);
    long low = Hex.parse(parent, TRACE + Hex.LONG, SPAN - 1);
    long span = Hex.parse(parent, SPAN, FLAGS - 1);
    if ((high | low) == 0 || span == 0) {
      return null;
    }
    boolean sampled = (Hex.parse(parent, FLAGS, LENGTH) & SAMPLED) != 0;
    String state = String.join(",", headers.getAll(STATE));
    String kept = state.length() > MAX_STATE ? "" : state;
    return new Place(high, low, Place.freshId(), span, sampled, false, kept);
  }

  private static boolean isWellFormed(String parent) {
    return parent.length() == LENGTH
        && Hex.isHex(parent, 0, TRACE - 1)
        && parent.charAt(TRACE - 1) == '-'
        && Hex.isHex(parent, TRACE, SPAN - 1)
        && parent.charAt(SPAN - 1) == '-'
        && Hex.isHex(parent, SPAN, FLAGS - 1)
        && parent.charAt(FLAGS - 1) == '-'
        && Hex.isHex(parent, FLAGS, LENGTH);
  }

  @Override
  public void tell(Place place, HttpHeaders headers) {
    StringBuilder parent = new StringBuilder(LENGTH).append("00-");
    Hex.append(parent, place.traceHigh());
    Hex.append(parent, place.traceLow()).append('-');
    Hex.append(parent, place.spanId()).append(place.sampled() ? "-01" : "-00");
    headers.set(PARENT, parent.toString());
    if (!place.state().isEmpty()) {
      headers.set(STATE, place.state());
    }
  }
}
