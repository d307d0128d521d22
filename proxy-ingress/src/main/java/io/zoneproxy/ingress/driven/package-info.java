/** A proxy whose configuration comes from a control plane. */
@NullMarked
package io.zoneproxy.ingress.driven;

import org.jspecify.annotations.NullMarked;
