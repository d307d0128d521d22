package io.zoneproxy.core.trace;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Datadog's headers. Its state is the priority by which its own tools decide: above 0 the trace is
 * kept. What else they put into headers ({@code x-datadog-tags}, {@code -origin}) goes on as it
 * came.
 */
final class DatadogHeaders implements Propagation {
  private static final String TRACE = "x-datadog-trace-id";
  private static final String PARENT = "x-datadog-parent-id";
  private static final String PRIORITY = "x-datadog-sampling-priority";

  /**
   * There are five of them. As JSON has numbers: one with a zero before it would spoil a message.
   */
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,2})");

  /** Kept by chance. */
  private static final String KEEP = "1";

  /** Dropped because somebody wants it so: nothing after this one changes its mind. */
  private static final String DROP = "-1";

  @Override
  public @Nullable Place place(HttpHeaders headers, boolean chosen) {
    long trace = id(headers.get(TRACE));
    long parent = id(headers.get(PARENT));
    String told = headers.get(PRIORITY);
    String state = told != null && NUMBER.matcher(told).matches() ? told : priority(chosen);
    boolean sampled = Integer.parseInt(state) > 0;
    return trace == 0
        ? Place.first(0, sampled, state)
        : new Place(0, trace, Place.freshId(), parent, sampled, false, state);
  }

  private static String priority(boolean chosen) {
    return chosen ? KEEP : DROP;
  }

  /** A number of 64 bits; 0 for none, or anything else. */
  private static long id(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      return 0; // a client's: it gets a trace of its own
    }
  }

  @Override
  public void tell(Place place, HttpHeaders headers) {
    headers.set(TRACE, Long.toUnsignedString(place.traceLow()));
    headers.set(PARENT, Long.toUnsignedString(place.spanId()));
    headers.set(PRIORITY, place.state());
  }
}
