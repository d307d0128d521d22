/**
 * The way of one connection: peek, connect, relay, close. Here is what every relay shares; {@code
 * epoll} and {@code portable} are the two there are.
 */
@NullMarked
package io.zoneproxy.core.relay;

import org.jspecify.annotations.NullMarked;
