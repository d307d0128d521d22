/**
 * Where connections and requests of a chain go, and how an endpoint is chosen among a cluster's.
 */
@NullMarked
package io.zoneproxy.core.model.balance;

import org.jspecify.annotations.NullMarked;
