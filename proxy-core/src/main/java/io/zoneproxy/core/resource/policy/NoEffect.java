package io.zoneproxy.core.resource.policy;

/**
 * One that changes nothing for external services when it stands in resource files.
 *
 * @param fromControlPlane whether a control plane would apply it to a zone egress
 */
public record NoEffect(boolean fromControlPlane) implements PolicySpec {}
