package io.zoneproxy.core.resource;

/** A Kuma resource as far as a zone proxy needs it. */
public sealed interface Resource
    permits Dataplane,
        ExternalService,
        Mesh,
        MeshExternalService,
        MeshIdentity,
        MeshMultiZoneService,
        MeshOpenTelemetryBackend,
        MeshService,
        MeshTrust,
        Policy,
        Secret,
        Zone,
        ZoneEgress,
        ZoneIngress {
  /** Name, mesh, labels and place. */
  Meta meta();
}
