/** Applies a snapshot, and takes the process from start to a drained end. */
@NullMarked
package io.zoneproxy.core.runtime;

import org.jspecify.annotations.NullMarked;
