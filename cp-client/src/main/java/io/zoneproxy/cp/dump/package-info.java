/** What the control plane has sent, shown as Envoy shows it, without its secrets. */
@NullMarked
package io.zoneproxy.cp.dump;

import org.jspecify.annotations.NullMarked;
