package io.zoneproxy.core.model.policy;

/**
 * A header that is set or added.
 *
 * @param append adds another value beside those that are there; else they are replaced
 */
public record HeaderChange(String name, String value, boolean append) {}
