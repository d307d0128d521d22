package io.zoneproxy.core.relay;

import io.zoneproxy.core.config.HelloLimits;
import io.zoneproxy.core.config.RelayConfig;
import io.zoneproxy.core.observe.ConnectionObserver;
import io.zoneproxy.core.observe.ListenerStats;
import io.zoneproxy.core.observe.ServerStats;
import io.zoneproxy.core.route.SniTable;
import java.util.function.Supplier;

/**
 * What the connections of one listener share.
 *
 * @param listener its name
 * @param table the table in force; asked how to look at a connection, then once for its chain, to
 *     which the connection is pinned
 * @param peek makes the ClientHello parser of a connection
 * @param hello limits before the match
 * @param relay limits after it
 * @param admission whether one more connection may come in
 * @param live where every open connection is entered
 * @param stats the listener's counters
 * @param server the process's counters
 * @param observer told of every end
 */
public record ListenerContext(
    String listener,
    Supplier<SniTable> table,
    Peek.Factory peek,
    HelloLimits hello,
    RelayConfig relay,
    Admission admission,
    LiveConnections live,
    ListenerStats stats,
    ServerStats server,
    ConnectionObserver observer) {}
