/**
 * What a command line may hold: flags with their ranges, their variables, and how mistakes are
 * said.
 */
@NullMarked
package io.zoneproxy.ingress.flags;

import org.jspecify.annotations.NullMarked;
