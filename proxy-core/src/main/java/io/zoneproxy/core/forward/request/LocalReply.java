package io.zoneproxy.core.forward.request;

import io.zoneproxy.core.model.policy.HeaderChange;
import io.zoneproxy.core.observe.request.RequestEnd;
import java.util.List;

/**
 * An answer of this proxy in place of the upstream's.
 *
 * @param status of HTTP
 * @param body text, Envoy's words where it has some
 * @param headers beside the usual ones
 * @param end why
 * @param detail for the record, "" for none
 */
public record LocalReply(
    int status, String body, List<HeaderChange> headers, RequestEnd end, String detail) {
  public LocalReply {
    headers = List.copyOf(headers);
  }

  /** One without headers of its own. */
  public static LocalReply of(int status, String body, RequestEnd end, String detail) {
    return new LocalReply(status, body, List.of(), end, detail);
  }
}
