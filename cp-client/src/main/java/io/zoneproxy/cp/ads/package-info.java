/** The ADS stream to the control plane: subscribe, acknowledge, reconnect. */
@NullMarked
package io.zoneproxy.cp.ads;

import org.jspecify.annotations.NullMarked;
