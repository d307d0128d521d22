package io.zoneproxy.core.resource;

import io.zoneproxy.core.model.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A zone's ingress.
 *
 * @param zone "" means the own zone
 * @param address where it listens
 * @param advertised where other zones reach it; empty makes it invisible to them
 * @param adminPort 0 means none was given
 * @param availableServices what can be reached through it
 */
public record ZoneIngress(
    Meta meta,
    String zone,
    HostPort address,
    Optional<HostPort> advertised,
    int adminPort,
    List<AvailableService> availableServices)
    implements Resource {
  public ZoneIngress {
    availableServices = List.copyOf(availableServices);
  }

  /**
   * Instances of a service with equal tags.
   *
   * @param tags {@code kuma.io/service} among them
   * @param instances how many; at least 1
   * @param mesh whose service it is
   * @param externalService whether it is an ExternalService of that zone
   */
  public record AvailableService(
      Map<String, String> tags, int instances, String mesh, boolean externalService) {
    public AvailableService {
      tags = Map.copyOf(tags);
    }
  }
}
