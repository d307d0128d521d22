/** The control plane's client: an empty shell until the proxy is driven by kuma-cp. */
@NullMarked
package io.zoneproxy.cp;

import org.jspecify.annotations.NullMarked;
