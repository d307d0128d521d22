/** The first call to the control plane, which says where its ADS is, and the token for both. */
@NullMarked
package io.zoneproxy.cp.bootstrap;

import org.jspecify.annotations.NullMarked;
