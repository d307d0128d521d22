package io.zoneproxy.core.resource;

/**
 * A zone. One without a resource is enabled.
 *
 * @param enabled false takes its ingresses out of every other zone's egress
 */
public record Zone(Meta meta, boolean enabled) implements Resource {}
