/** Listening sockets: bind, accept, limits, drain. */
@NullMarked
package io.zoneproxy.core.listener;

import org.jspecify.annotations.NullMarked;
