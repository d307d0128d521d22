/** The demo: a mesh of two zones on loopback, in one process, with traffic and a page to watch. */
@NullMarked
package io.zoneproxy.egress.demo;

import org.jspecify.annotations.NullMarked;
