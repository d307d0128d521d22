/**
 * What zoneproxy costs. {@code load} makes the traffic, {@code proc} reads what the kernel counted,
 * {@code side} runs proxies side by side and writes the report.
 */
@NullMarked
package io.zoneproxy.bench;

import org.jspecify.annotations.NullMarked;
