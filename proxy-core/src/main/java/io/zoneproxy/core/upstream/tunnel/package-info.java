/** Ways outside that an HTTP proxy makes. */
@NullMarked
package io.zoneproxy.core.upstream.tunnel;

import org.jspecify.annotations.NullMarked;
