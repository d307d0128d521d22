/**
 * A control plane small enough to be built in, for the run that a class-data archive is made of.
 */
@NullMarked
package io.zoneproxy.ingress.train;

import org.jspecify.annotations.NullMarked;
