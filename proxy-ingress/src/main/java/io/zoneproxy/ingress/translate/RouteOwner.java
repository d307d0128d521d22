package io.zoneproxy.ingress.translate;

import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Source;

/**
 * Whom a server name stands for, to be named when two want the same.
 *
 * @param name for example {@code service backend of mesh default}
 * @param source where it was written
 */
public record RouteOwner(String name, Source source) {
  /**
   * Says that nobody reaches it.
   *
   * @param why what is missing
   */
  public Problem refused(String why) {
    return Problem.warning(source, "", "%s refuses every connection: %s".formatted(name, why));
  }
}
