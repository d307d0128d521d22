/** Says what becomes of a connection, from a configuration and from what a running proxy knows. */
@NullMarked
package io.zoneproxy.ingress.explain;

import org.jspecify.annotations.NullMarked;
