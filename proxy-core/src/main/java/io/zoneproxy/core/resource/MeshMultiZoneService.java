package io.zoneproxy.core.resource;

import java.util.List;
import java.util.Map;

/**
 * A service made of the MeshServices of several zones.
 *
 * @param matchLabels labels that a MeshService must carry to belong to it; never empty
 * @param ports in the order written
 */
public record MeshMultiZoneService(
    Meta meta, Map<String, String> matchLabels, List<MeshService.ServicePort> ports)
    implements Resource {
  public MeshMultiZoneService {
    matchLabels = Map.copyOf(matchLabels);
    ports = List.copyOf(ports);
  }
}
