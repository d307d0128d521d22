package io.zoneproxy.core.config.outbound;

import io.zoneproxy.core.model.HostPort;
import java.util.Optional;

/**
 * An HTTP proxy that is asked with {@code CONNECT} for a way outside.
 *
 * @param address where it is
 * @param credentials what it is told; empty = nothing
 */
public record OutboundProxy(HostPort address, Optional<ProxyCredentials> credentials) {}
