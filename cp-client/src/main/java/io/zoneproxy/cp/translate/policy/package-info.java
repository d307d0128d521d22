/** Matchers, permissions, limits: what decides about a connection or request. */
@NullMarked
package io.zoneproxy.cp.translate.policy;

import org.jspecify.annotations.NullMarked;
