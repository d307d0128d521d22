/** From a server name to a filter chain. */
@NullMarked
package io.zoneproxy.core.route;

import org.jspecify.annotations.NullMarked;
