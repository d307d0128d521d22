/** What decides about a connection or request: matchers, permissions, limits. */
@NullMarked
package io.zoneproxy.core.model.policy;

import org.jspecify.annotations.NullMarked;
