/** Sends spans and logs to collectors: queued, in batches, over the clusters' connections. */
@NullMarked
package io.zoneproxy.core.export;

import org.jspecify.annotations.NullMarked;
