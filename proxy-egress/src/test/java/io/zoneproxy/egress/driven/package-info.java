/** Proxies that a control plane drives, from its pushes to bytes. */
@NullMarked
package io.zoneproxy.egress.driven;

import org.jspecify.annotations.NullMarked;
