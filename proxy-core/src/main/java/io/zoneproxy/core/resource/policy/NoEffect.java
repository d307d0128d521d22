package io.zoneproxy.core.resource.policy;

/**
 * One that changes nothing for external services when it stands in resource files.
 *
 * @param atZoneEgress whether a control plane would apply it to the egress of a zone
 * @param atMeshEgress whether it would to a mesh's own egress
 */
public record NoEffect(boolean atZoneEgress, boolean atMeshEgress) implements PolicySpec {}
