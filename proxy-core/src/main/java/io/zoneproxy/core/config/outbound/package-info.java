/** The proxies of others through which external services are reached, as a file names them. */
@NullMarked
package io.zoneproxy.core.config.outbound;

import org.jspecify.annotations.NullMarked;
