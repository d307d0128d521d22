package io.zoneproxy.core.resource.policy;

/** One that a control plane would apply to a zone egress, and resource files do not. */
public record NoEffect() implements PolicySpec {}
