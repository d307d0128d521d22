/** The configuration on disk: what a proxy serves when it starts without its control plane. */
@NullMarked
package io.zoneproxy.cp.lastgood;

import org.jspecify.annotations.NullMarked;
