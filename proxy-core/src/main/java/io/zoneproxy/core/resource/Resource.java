package io.zoneproxy.core.resource;

/** A Kuma resource as far as a zone proxy needs it. */
public sealed interface Resource
    permits Dataplane,
        Mesh,
        MeshIdentity,
        MeshMultiZoneService,
        MeshService,
        Zone,
        ZoneEgress,
        ZoneIngress {
  /** Name, mesh, labels and place. */
  Meta meta();
}
