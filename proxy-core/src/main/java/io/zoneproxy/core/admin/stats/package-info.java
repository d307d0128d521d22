/**
 * Statistics under Envoy's names: gathered once, written as Prometheus text, plain text or JSON.
 */
@NullMarked
package io.zoneproxy.core.admin.stats;

import org.jspecify.annotations.NullMarked;
