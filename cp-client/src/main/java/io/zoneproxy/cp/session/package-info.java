/**
 * A proxy's life with its control plane: from the disk, the bootstrap and the stream to snapshots.
 */
@NullMarked
package io.zoneproxy.cp.session;

import org.jspecify.annotations.NullMarked;
