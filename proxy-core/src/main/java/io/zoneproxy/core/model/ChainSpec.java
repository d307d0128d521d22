package io.zoneproxy.core.model;

/**
 * One filter chain of a listener: a server name and what happens to its connections.
 *
 * @param serverName the SNI it takes, compared without regard to ASCII case, otherwise opaque; one
 *     that begins with {@code *.} takes every name that ends with what follows the star; "" takes
 *     what no other chain takes
 * @param action what to do
 */
public record ChainSpec(String serverName, ChainAction action) {}
