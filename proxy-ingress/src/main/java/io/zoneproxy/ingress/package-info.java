/** The ingress role: resources to snapshot, the embeddable ingress, ingress.jar. */
@NullMarked
package io.zoneproxy.ingress;

import org.jspecify.annotations.NullMarked;
