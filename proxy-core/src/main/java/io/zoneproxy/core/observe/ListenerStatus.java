package io.zoneproxy.core.observe;

import java.net.InetSocketAddress;

/**
 * A listener as the admin port shows it.
 *
 * @param name its name
 * @param address the address that is bound, with the port that the kernel chose if it was 0
 * @param stats its counters
 */
public record ListenerStatus(String name, InetSocketAddress address, ListenerStats stats) {}
