/** Where the program's own log and its access log go, and how much is told. */
@NullMarked
package io.zoneproxy.ingress.logging;

import org.jspecify.annotations.NullMarked;
