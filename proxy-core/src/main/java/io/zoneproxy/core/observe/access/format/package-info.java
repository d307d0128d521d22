/**
 * The form of access-log records that a control plane chooses, with Envoy's command operators.
 *
 * <p>Text that a peer chose can neither end a line nor hide one: {@link ShownText} has the rule.
 */
@NullMarked
package io.zoneproxy.core.observe.access.format;

import org.jspecify.annotations.NullMarked;
