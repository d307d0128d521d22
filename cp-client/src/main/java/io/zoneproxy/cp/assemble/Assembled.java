package io.zoneproxy.cp.assemble;

import io.zoneproxy.core.model.ProxySnapshot;

/**
 * What came of a whole set of resources.
 *
 * @param snapshot of those that can be served
 * @param notices about the others, and about what is named and not there
 */
public record Assembled(ProxySnapshot snapshot, Notices notices) {}
