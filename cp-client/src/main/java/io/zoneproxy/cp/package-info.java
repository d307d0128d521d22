/**
 * The client of a zone's control plane: bootstrap, ADS, translation, assembly. Begin at {@link
 * io.zoneproxy.cp.session.ControlPlaneSession}.
 */
@NullMarked
package io.zoneproxy.cp;

import org.jspecify.annotations.NullMarked;
