package io.zoneproxy.bench.side;

import java.util.List;

/**
 * Whose cost is 1 in a report.
 *
 * @param title for people
 * @param peers the cheapest of these
 */
public record Reference(String title, List<String> peers) {
  /** Of what only relays. */
  static final Reference HAPROXY =
      new Reference("HAProxy's best", List.of(Haproxy.NAME, Haproxy.SPLICE_NAME));
}
