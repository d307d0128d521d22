/** Whom to believe that it is the control plane; the same for both calls. */
@NullMarked
package io.zoneproxy.cp.trust;

import org.jspecify.annotations.NullMarked;
