package io.zoneproxy.core.observe.access;

import io.zoneproxy.core.observe.access.operator.LoggedConnection;

/**
 * A record for a collector.
 *
 * @param connection what it is about
 * @param left is run once when it waits no longer, is being sent or dropped; any thread
 */
public record Collected(LoggedConnection connection, Runnable left) {}
