/** Who a TLS peer is, and whether it may be. */
@NullMarked
package io.zoneproxy.tls.identity;

import org.jspecify.annotations.NullMarked;
