package io.zoneproxy.core.resource;

import io.zoneproxy.core.model.HostPort;

/**
 * A zone's egress.
 *
 * @param zone "" means the own zone
 * @param address where it listens
 * @param adminPort 0 means none was given
 */
public record ZoneEgress(Meta meta, String zone, HostPort address, int adminPort)
    implements Resource {}
