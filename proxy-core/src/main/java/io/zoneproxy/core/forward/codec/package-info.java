/** The codecs of HTTP, Netty's, with the limits and the strictness that forwarding needs. */
@NullMarked
package io.zoneproxy.core.forward.codec;

import org.jspecify.annotations.NullMarked;
