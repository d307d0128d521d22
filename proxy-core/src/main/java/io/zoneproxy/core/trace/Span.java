package io.zoneproxy.core.trace;

import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is reported of a request when it is over. Any thread.
 *
 * @param place in its trace
 * @param name of the operation
 * @param start when the head of the request was whole
 * @param duration to the last byte of the response
 * @param failed whether there was no response, or one of the server's failures
 * @param tags what else is known
 * @param local our end of the downstream's connection; null when it is not known
 */
public record Span(
    Place place,
    String name,
    Instant start,
    Duration duration,
    boolean failed,
    Tags tags,
    @Nullable SocketAddress local) {
  /** Characters of what is not alike in all spans. */
  public int length() {
    return place.state().length() + tags.length();
  }
}
