/** A control plane that pushes many services over gRPC, and what that costs the proxy. */
@NullMarked
package io.zoneproxy.bench.push;

import org.jspecify.annotations.NullMarked;
