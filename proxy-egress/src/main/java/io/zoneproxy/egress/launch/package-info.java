/** The whole program's front door, and the demo's. */
@NullMarked
package io.zoneproxy.egress.launch;

import org.jspecify.annotations.NullMarked;
