package io.zoneproxy.core.model.policy;

/**
 * A range of addresses.
 *
 * @param address IPv4 or IPv6 literal
 * @param prefixLength leading bits that count, 0 to 32 or 128
 */
public record Cidr(String address, int prefixLength) {}
