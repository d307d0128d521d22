/** Resources from a file: what a control plane has sent, or a proxy's own dump. */
@NullMarked
package io.zoneproxy.cp.capture;

import org.jspecify.annotations.NullMarked;
