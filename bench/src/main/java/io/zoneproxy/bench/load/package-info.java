/** The load generator: clients and the upstream server in one thread, on raw epoll. */
@NullMarked
package io.zoneproxy.bench.load;

import org.jspecify.annotations.NullMarked;
