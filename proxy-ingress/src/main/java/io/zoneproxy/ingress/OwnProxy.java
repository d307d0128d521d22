package io.zoneproxy.ingress;

import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
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

  Translation translate(Resources resources, String zone) {
    return role.translate(resource, resources, zone);
  }
}
