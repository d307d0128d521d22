/** Spans of requests: which are taken, how their place is told in headers, what they say. */
@NullMarked
package io.zoneproxy.core.trace;

import org.jspecify.annotations.NullMarked;
