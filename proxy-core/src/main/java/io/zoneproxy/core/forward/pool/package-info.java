/** Connections to upstreams that speak HTTP: made, kept, shared by requests. One set a loop. */
@NullMarked
package io.zoneproxy.core.forward.pool;

import org.jspecify.annotations.NullMarked;
