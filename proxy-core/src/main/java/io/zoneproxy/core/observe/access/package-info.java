/** The access log: one line for each connection, written by a thread of its own. */
@NullMarked
package io.zoneproxy.core.observe.access;

import org.jspecify.annotations.NullMarked;
