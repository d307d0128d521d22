package io.zoneproxy.egress.external;

import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.ingress.translate.Kri;
import io.zoneproxy.ingress.translate.ServerNames;
import io.zoneproxy.ingress.translate.Tags;
import java.util.Optional;

/**
 * What a MeshExternalService is called.
 *
 * @param destination Kuma's name of its chain and its cluster
 * @param serverName that callers send; empty when there can be none
 */
record ServiceName(String destination, Optional<String> serverName) {
  private static final String KIND = "extsvc";

  /** At the egress of a zone: by a hash. */
  static ServiceName hashed(MeshExternalService service) {
    Meta meta = service.meta();
    String name = Kri.name(meta);
    return new ServiceName(
        String.join(
            "_",
            meta.mesh(),
            name,
            meta.labels().getOrDefault(Tags.NAMESPACE, ""),
            meta.zone(), // parts that are not known stay empty
            KIND,
            Integer.toString(service.port())),
        Optional.of(ServerNames.ofMeshExternalService(name, service.port(), meta.mesh())));
  }

  /**
   * At a mesh's own egress: by its parts.
   *
   * @param zone the own one
   */
  static ServiceName byParts(MeshExternalService service, String zone) {
    Meta meta = service.meta();
    String section = Integer.toString(service.port());
    return new ServiceName(
        Kri.of(KIND, meta, zone, section),
        ServerNames.kriOfMeshExternalService(
            meta.mesh(), Kri.zone(meta, zone), Kri.namespace(meta), Kri.name(meta), section));
  }
}
