/**
 * Clients whose TLS the proxy ends, and the servers behind it; all on the load generator's loop.
 */
@NullMarked
package io.zoneproxy.bench.load.tls;

import org.jspecify.annotations.NullMarked;
