/**
 * What zoneproxy costs. {@code load} makes the traffic, {@code proc} reads what the kernel counted,
 * {@code side} runs proxies side by side and writes the report; {@code micro} measures single
 * methods, as do the benchmarks in {@code io.zoneproxy.core.relay.epoll}.
 */
@NullMarked
package io.zoneproxy.bench;

import org.jspecify.annotations.NullMarked;
