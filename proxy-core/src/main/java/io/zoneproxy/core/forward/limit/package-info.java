/** Limits of a downstream's requests: how long, and how many in vain. */
@NullMarked
package io.zoneproxy.core.forward.limit;

import org.jspecify.annotations.NullMarked;
