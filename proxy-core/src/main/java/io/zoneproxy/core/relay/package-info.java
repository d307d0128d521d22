/** The way of one connection: peek, connect, relay, close. */
@NullMarked
package io.zoneproxy.core.relay;

import org.jspecify.annotations.NullMarked;
