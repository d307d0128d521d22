package io.zoneproxy.core.resource;

import io.zoneproxy.core.resource.policy.PolicySpec;

/** A policy of a mesh. */
public record Policy(Meta meta, PolicySpec spec) implements Resource {}
