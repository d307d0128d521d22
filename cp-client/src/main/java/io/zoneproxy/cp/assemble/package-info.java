/** From translated resources to the snapshot that the proxy runs on. */
@NullMarked
package io.zoneproxy.cp.assemble;

import org.jspecify.annotations.NullMarked;
