package io.zoneproxy.core.resource;

/** Gives the data planes of its mesh a SPIFFE identity; here it only tells that there is mTLS. */
public record MeshIdentity(Meta meta) implements Resource {}
