/**
 * What a run needs to be driven by a control plane: a checked, immutable record, and no connection.
 */
@NullMarked
package io.zoneproxy.ingress.controlplane;

import org.jspecify.annotations.NullMarked;
