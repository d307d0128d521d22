package io.zoneproxy.egress.external;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.MeshService;
import io.zoneproxy.core.resource.Resource;
import io.zoneproxy.core.resource.Resources;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a control plane makes by itself, and so is not among the objects of the recordings. */
final class MadeByKuma {
  /** For every mesh. */
  static final String TIMEOUTS =
      """
      type: MeshTimeout
      mesh: default
      name: mesh-timeout-all-default
      spec:
        targetRef: {kind: Mesh, proxyTypes: [Sidecar]}
        from:
          - targetRef: {kind: Mesh}
            default:
              connectionTimeout: 10s
              idleTimeout: 2h
              http: {requestTimeout: 0s, streamIdleTimeout: 1h, maxStreamDuration: 0s}
        to:
          - targetRef: {kind: Mesh}
            default:
              connectionTimeout: 5s
              idleTimeout: 1h
              http: {requestTimeout: 15s, streamIdleTimeout: 30m}
      ---
      type: MeshTimeout
      mesh: default
      name: mesh-gateways-timeout-all-default
      spec:
        targetRef: {kind: Mesh, proxyTypes: [Gateway]}
        from: [{targetRef: {kind: Mesh}, default: {idleTimeout: 5m}}]
        to: [{targetRef: {kind: Mesh}, default: {idleTimeout: 1h, http: {streamIdleTimeout: 5s}}}]
      """;

  private MadeByKuma() {}

  /** A MeshService of each service that data planes of the zone have. */
  static String services(List<Resource> files) {
    Set<String> known =
        new Resources(files)
            .of(MeshService.class)
            .map(each -> each.meta().name())
            .collect(Collectors.toSet());
    StringBuilder made = new StringBuilder();
    new Resources(files)
        .of(Dataplane.class)
        .filter(each -> each.meta().zone().equals("zone-1"))
        .flatMap(each -> each.inbounds().stream())
        .filter(each -> known.add(each.tags().getOrDefault("kuma.io/service", "")))
        .forEach(
            each ->
                made.append(
                    """
                    ---
                    type: MeshService
                    mesh: default
                    name: %1$s
                    spec:
                      selector: {dataplaneTags: {kuma.io/service: %1$s}}
                      ports: [{port: %2$d, targetPort: %2$d}]
                    """
                        .formatted(each.tags().get("kuma.io/service"), each.address().port())));
    return made.toString();
  }
}
