package io.zoneproxy.core.trace;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Zipkin's headers: one {@code b3}, or one {@code x-b3-} for each part. Both are understood; told
 * is the second form, and the first one besides when it came, for it goes before the other.
 *
 * @param wide whether new traces have ids of 128 bits
 * @param shares whether the span of a request has the id that its sender gave it
 */
record B3(boolean wide, boolean shares) implements Propagation {
  private static final String SINGLE = "b3";
  private static final String TRACE = "x-b3-traceid";
  private static final String SPAN = "x-b3-spanid";
  private static final String PARENT = "x-b3-parentspanid";
  private static final String SAMPLED = "x-b3-sampled";
  private static final String FLAGS = "x-b3-flags";
  private static final int PARTS = 4;

  @Override
  public @Nullable Place place(HttpHeaders headers, boolean chosen) {
    String single = headers.get(SINGLE);
    String[] parts = single == null ? new String[0] : single.split("-", PARTS);
    if (parts.length == 1) {
      return first(isYes(parts[0]));
    }
    if (parts.length > 1) {
      boolean sampled = parts.length > 2 ? isYes(parts[2]) : chosen;
      return below(parts[0], parts[1], parts.length == PARTS ? parts[PARTS - 1] : null, sampled);
    }
    boolean sampled = sampled(headers, chosen);
    String trace = headers.get(TRACE);
    String span = headers.get(SPAN);
    return trace == null || span == null
        ? first(sampled)
        : below(trace, span, headers.get(PARENT), sampled);
  }

  private static boolean sampled(HttpHeaders headers, boolean chosen) {
    String told = headers.get(SAMPLED);
    return told != null ? isYes(told) : chosen || "1".equals(headers.get(FLAGS));
  }

  private static boolean isYes(String word) {
    return word.equals("1") || word.equals("d") || word.equalsIgnoreCase("true");
  }

  private Place first(boolean sampled) {
    return Place.first(wide ? Place.freshId() : 0, sampled, "");
  }

  private @Nullable Place below(
      String trace, String span, @Nullable String parent, boolean sampled) {
    boolean readable =
        isId(span)
            && (parent == null || isId(parent))
            && (isId(trace) || (trace.length() == 2 * Hex.LONG && isHex(trace)));
    if (!readable) {
      return null;
    }
    int half = trace.length() - Hex.LONG;
    long high = half == 0 ? 0 : Hex.parse(trace, 0, half);
    long low = Hex.parse(trace, half, trace.length());
    long before = Hex.parse(span, 0, Hex.LONG);
    if ((high | low) == 0 || before == 0) {
      return null;
    }
    if (!shares) {
      return new Place(high, low, Place.freshId(), before, sampled, false, "");
    }
    long grandparent = parent == null ? 0 : Hex.parse(parent, 0, Hex.LONG);
    return new Place(high, low, before, grandparent, sampled, true, "");
  }

  private static boolean isId(String text) {
    return text.length() == Hex.LONG && isHex(text);
  }

  private static boolean isHex(String text) {
    return Hex.isHex(text, 0, text.length());
  }

  @Override
  public void tell(Place place, HttpHeaders headers) {
    String trace = place.traceId();
    String span = Hex.of(place.spanId());
    String sampled = place.sampled() ? "1" : "0";
    headers.set(TRACE, trace);
    headers.set(SPAN, span);
    headers.set(SAMPLED, sampled);
    if (place.parentId() != 0) {
      headers.set(PARENT, Hex.of(place.parentId()));
    }
    if (headers.contains(SINGLE)) {
      String parent = place.parentId() == 0 ? "" : '-' + Hex.of(place.parentId());
      headers.set(SINGLE, trace + '-' + span + '-' + sampled + parent);
    }
  }
}
