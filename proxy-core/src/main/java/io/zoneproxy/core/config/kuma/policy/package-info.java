/** Reads policies that set how calls are treated, by tables of their fields. */
@NullMarked
package io.zoneproxy.core.config.kuma.policy;

import org.jspecify.annotations.NullMarked;
