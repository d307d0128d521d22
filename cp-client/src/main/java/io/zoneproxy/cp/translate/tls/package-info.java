/** Contexts of TLS, and secrets. */
@NullMarked
package io.zoneproxy.cp.translate.tls;

import org.jspecify.annotations.NullMarked;
