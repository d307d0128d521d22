/** The relay that runs everywhere: Netty channels on the JDK's sockets. */
@NullMarked
package io.zoneproxy.core.relay.portable;

import org.jspecify.annotations.NullMarked;
