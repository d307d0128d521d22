/** Which endpoints are well: what connections to them met, and what probes say. */
@NullMarked
package io.zoneproxy.core.upstream.health;

import org.jspecify.annotations.NullMarked;
