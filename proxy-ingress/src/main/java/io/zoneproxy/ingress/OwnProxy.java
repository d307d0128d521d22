package io.zoneproxy.ingress;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.ingress.translate.Translation;

/**
 * A role and the resource that describes the proxy in it.
 *
 * @param role what it does
 * @param resource of the role's own kind
 */
public record OwnProxy(ProxyRole role, Resource resource) {
  public OwnProxy {
    if (!role.ownKind().isInstance(resource)) {
      throw new IllegalArgumentException(
          "%s is a %s (expected: %s, because of the proxy type %s)"
              .formatted(
                  resource.meta().name(),
                  resource.meta().type(),
                  role.ownKind().getSimpleName(),
                  role.proxyType()));
    }
  }

  /** {@code networking.admin.port} of the resource; 0 when there is none. */
  public int adminPort() {
    if (resource instanceof ZoneEgress egress) {
      return egress.adminPort();
    }
    if (resource instanceof io.zoneproxy.core.resource.ZoneIngress ingress) {
      return ingress.adminPort();
    }
    return resource instanceof Dataplane dataplane ? dataplane.adminPort() : 0;
  }

  Translation translate(Resources resources, String zone) {
    return role.translate(resource, resources, zone);
  }
}
