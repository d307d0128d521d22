package io.zoneproxy.egress;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.ExternalService;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.egress.external.MeshOutside;
import io.zoneproxy.egress.external.MeshTls;
import io.zoneproxy.egress.workload.NoIdentityException;
import io.zoneproxy.egress.workload.WorkloadIdentity;
import io.zoneproxy.ingress.policy.Audience;
import io.zoneproxy.ingress.translate.DataplaneTranslator;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import io.zoneproxy.ingress.translate.ServedMeshes;
import io.zoneproxy.ingress.translate.Translation;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a listener of type ZoneEgress serves: the MeshExternalServices of its data plane's mesh. TLS
 * ends here by the MeshIdentity that is for the data plane, or else by the mesh's mTLS backend.
 *
 * <p>Kuma makes such a listener only for a data plane with a MeshIdentity, and only when it has a
 * chain; the mesh's backend serves a folder that has no MeshIdentity yet.
 */
final class MeshEgressTranslator {
  private final Dataplane own;
  private final Resources resources;
  private final String zone;
  private final Path systemCa;

  /**
   * @param zone the own one; "" when unknown
   * @param systemCa authorities of external services that name none
   */
  MeshEgressTranslator(Dataplane own, Resources resources, String zone, Path systemCa) {
    this.own = own;
    this.resources = resources;
    this.zone = zone;
    this.systemCa = systemCa;
  }

  /** Translates one; without any service the listener is there all the same. */
  Translation translate(Dataplane.Listener listener) {
    String name = "self_zoneegress_dp_" + listener.name();
    ListenerTranslation translation =
        new ListenerTranslation(DataplaneTranslator.ROLE, name, listener.address());
    new ServedMeshes(resources, translation::notice)
        .find(own.meta().mesh(), own.meta().source(), "mesh")
        .ifPresent(
            mesh -> {
              route(
                  mesh,
                  new MeshOutside(
                      translation,
                      name,
                      mesh,
                      resources,
                      zone,
                      Audience.of(own, listener, zone),
                      systemCa));
              noticeOlder(mesh, translation);
            });
    return translation.finish();
  }

  private void route(Mesh mesh, MeshOutside services) {
    try {
      Optional<MeshTls> end = WorkloadIdentity.of(own, resources, zone).map(MeshTls::of);
      if (end.isPresent()) {
        services.route(end.get());
      } else if (mesh.mtls()) {
        services.route(MeshTls.of(mesh.meta().name()));
      } else {
        services.refuse(
            "no MeshIdentity of mesh %s selects %s, and the mesh has no mTLS backend (expected: a MeshIdentity whose selector.dataplane.matchLabels are labels of it)"
                .formatted(mesh.meta().name(), own.meta().id()));
      }
    } catch (NoIdentityException e) {
      services.refuse(String.valueOf(e.getMessage()));
    }
  }

  private void noticeOlder(Mesh mesh, ListenerTranslation translation) {
    resources
        .of(ExternalService.class, mesh.meta().name())
        .findFirst()
        .ifPresent(
            first ->
                translation.notice(
                    Problem.warning(
                        first.meta().source(),
                        "type",
                        "ExternalService: a listener of type ZoneEgress does not serve it"
                            + " (expected: a MeshExternalService, or a ZoneEgress of the zone)")));
  }
}
