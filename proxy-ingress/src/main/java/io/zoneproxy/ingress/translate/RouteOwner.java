package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Source;

/**
 * Whom a server name stands for, to be named when two want the same.
 *
 * @param name for example {@code service backend of mesh default}
 * @param source where it was written
 */
public record RouteOwner(String name, Source source) {}
