/** From Envoy's resources to the model; nothing behind it knows them. */
@NullMarked
package io.zoneproxy.cp.translate;

import org.jspecify.annotations.NullMarked;
