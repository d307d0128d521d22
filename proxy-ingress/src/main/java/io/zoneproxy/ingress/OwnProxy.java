package io.zoneproxy.ingress;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.ingress.translate.Translation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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

  /** Where it listens for traffic, as written. */
  public List<HostPort> listensAt() {
    if (resource instanceof ZoneEgress egress) {
      return List.of(egress.address());
    }
    if (resource instanceof io.zoneproxy.core.resource.ZoneIngress ingress) {
      return List.of(ingress.address());
    }
    return resource instanceof Dataplane dataplane
        ? dataplane.listeners().stream().map(Dataplane.Listener::address).toList()
        : List.of();
  }

  /**
   * Where the secrets come from that its chains name.
   *
   * @param zone the own zone
   * @param workDir for what outlives a run; empty = there is no such folder
   */
  public SecretSource secrets(String zone, Optional<Path> workDir) {
    return role.secrets(resource, zone, workDir);
  }

  /** The same for a configuration that does not run: nothing is written. */
  public SecretSource trialSecrets(String zone, Optional<Path> workDir) {
    return role.trialSecrets(resource, zone, workDir);
  }

  /** What it serves. */
  public Translation translate(Resources resources, String zone) {
    return role.translate(resource, resources, zone);
  }
}
