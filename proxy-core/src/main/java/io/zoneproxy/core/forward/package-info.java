/**
 * Forwards HTTP: a chain that speaks it ends here, each of its requests is an {@link
 * io.zoneproxy.core.forward.Exchange}. Downstream and upstream may speak different versions.
 */
@NullMarked
package io.zoneproxy.core.forward;

import org.jspecify.annotations.NullMarked;
