package io.zoneproxy.ingress.driven;

import io.zoneproxy.core.config.OwnResource;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.ingress.controlplane.ManagedProxy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether other zones could find an ingress by what its own resource says. */
final class AdvertisedAddress {
  private AdvertisedAddress() {}

  /**
   * What is wrong with it; empty when nothing is, or the control plane has the resource from
   * elsewhere. Asks the resolver: not for an event loop.
   */
  static Optional<String> problem(ManagedProxy proxy) {
    if (proxy.resource().isEmpty() || proxy.role().ownKind() != ZoneIngress.class) {
      return Optional.empty();
    }
    return resource(proxy)
        .filter(ZoneIngress.class::isInstance)
        .map(ZoneIngress.class::cast)
        .flatMap(AdvertisedAddress::problem);
  }

  /** The own resource; empty when the control plane has it from elsewhere. */
  static Optional<Resource> resource(ManagedProxy proxy) {
    return proxy.resource().isEmpty()
        ? Optional.empty()
        : OwnResource.parse(
                proxy.id(),
                proxy.resource(),
                Map.of(),
                new OwnResource.Expected(List.of(proxy.role().ownKind()), proxy.role().proxyType()))
            .resource();
  }

  private static Optional<String> problem(ZoneIngress ingress) {
    Optional<HostPort> advertised = ingress.advertised();
    if (advertised.isEmpty()) {
      return Optional.of(
          "networking.advertisedAddress: missing (expected: where other zones reach this ingress;"
              + " without it they send nothing here)");
    }
    String host = advertised.get().host();
    try {
      InetAddress.getByName(host);
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of(
          "networking.advertisedAddress: %s does not resolve here (expected: a name that other zones"
                  .formatted(host)
              + " resolve)");
    }
  }
}
