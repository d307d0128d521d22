/** The egress role: resources to snapshot, egress.jar. */
@NullMarked
package io.zoneproxy.egress;

import org.jspecify.annotations.NullMarked;
