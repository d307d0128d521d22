/** Pages of statistics: Prometheus text, plain text and JSON. */
@NullMarked
package io.zoneproxy.core.admin.stats;

import org.jspecify.annotations.NullMarked;
