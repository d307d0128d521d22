/** The relay for Linux: edge-triggered epoll handles on Netty's event loops, and splice. */
@NullMarked
package io.zoneproxy.core.relay.epoll;

import org.jspecify.annotations.NullMarked;
