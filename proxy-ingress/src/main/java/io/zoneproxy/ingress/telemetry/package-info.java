/** What chains want written or sent elsewhere, in a running process. */
@NullMarked
package io.zoneproxy.ingress.telemetry;

import org.jspecify.annotations.NullMarked;
