package io.zoneproxy.core.trace;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** How headers tell the place of a span, by who collects it. Any thread. */
sealed interface Propagation permits TraceParent, B3, DatadogHeaders {
  /**
   * The place of the request's span: below the one that its headers tell of, or the first.
   *
   * @param chosen whether it is traced when the headers do not say
   * @return null when they tell of one that cannot be read: then nothing is told or reported
   */
  @Nullable Place place(HttpHeaders headers, boolean chosen);

  /** Tells the next one. */
  void tell(Place place, HttpHeaders headers);
}
