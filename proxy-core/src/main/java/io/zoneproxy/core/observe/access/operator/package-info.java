/**
 * What a record says of a connection or a request: Envoy's command operators.
 *
 * <p>Text that a peer chose can neither end a line nor hide one: {@link ShownText} has the rule.
 */
@NullMarked
package io.zoneproxy.core.observe.access.operator;

import org.jspecify.annotations.NullMarked;
