/** Who a mesh-scoped zone proxy is: its labels, and the MeshIdentity that is for it. */
@NullMarked
package io.zoneproxy.egress.workload;

import org.jspecify.annotations.NullMarked;
