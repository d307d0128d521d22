/** Secrets that another server than the control plane sends: the agent of SPIRE. */
@NullMarked
package io.zoneproxy.cp.sds;

import org.jspecify.annotations.NullMarked;
