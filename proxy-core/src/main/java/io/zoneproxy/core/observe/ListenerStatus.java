package io.zoneproxy.core.observe;

import java.net.InetSocketAddress;

/**
 * A listener as the admin port shows it.
 *
 * @param name its name
 * @param address the address that is bound, with the port that the kernel chose if it was 0
 * @param stats its counters
 * @param statPrefix its name in statistics (Envoy: {@code stat_prefix}); "" = made from the address
 */
public record ListenerStatus(
    String name, InetSocketAddress address, ListenerStats stats, String statPrefix) {
  /** One whose name in statistics is made from its address. */
  public ListenerStatus(String name, InetSocketAddress address, ListenerStats stats) {
    this(name, address, stats, "");
  }
}
