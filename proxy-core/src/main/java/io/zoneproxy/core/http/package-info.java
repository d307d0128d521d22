/** A small HTTP/1.1 server: for the proxy's own ports, and for chains that lead to them. */
@NullMarked
package io.zoneproxy.core.http;

import org.jspecify.annotations.NullMarked;
