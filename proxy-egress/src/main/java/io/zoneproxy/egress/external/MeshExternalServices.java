package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.resource.MeshExternalService;
import io.zoneproxy.core.resource.MeshExternalService.Mode;
import io.zoneproxy.core.resource.Problem;
import io.zoneproxy.egress.policy.Policies;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import io.zoneproxy.ingress.translate.RouteOwner;
import io.zoneproxy.ingress.translate.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The MeshExternalServices of one mesh. */
final class MeshExternalServices {
  private final ListenerTranslation listener;
  private final ChainMaker chains;
  private final OutsideTls tls;
  private final Permissions permissions;
  private final Policies policies;

  MeshExternalServices(
      ListenerTranslation listener,
      ChainMaker chains,
      OutsideTls tls,
      Permissions permissions,
      Policies policies) {
    this.listener = listener;
    this.chains = chains;
    this.tls = tls;
    this.permissions = permissions;
    this.policies = policies;
  }

  /**
   * Routes one.
   *
   * @param end of the mesh's TLS
   */
  void route(MeshExternalService service, ServiceName name, MeshTls end) {
    withServerName(service, name)
        .ifPresent(
            sni -> {
              warnOfBlindness(service);
              route(service, name.destination(), sni, end);
            });
  }

  /** Gives one its server name, by which nobody gets through. */
  void refuse(MeshExternalService service, ServiceName name, String why) {
    withServerName(service, name).ifPresent(sni -> refuse(service, name.destination(), sni, why));
  }

  private Optional<String> withServerName(MeshExternalService service, ServiceName name) {
    if (name.serverName().isEmpty()) {
      listener.notice(
          Problem.warning(
              service.meta().source(),
              "",
              "%s has no server name, so no chain: %s (expected: mesh, zone and name of at most 63 lower-case letters, digits and hyphens each, 253 together)"
                  .formatted(service.meta().id(), name.destination())));
    }
    return name.serverName();
  }

  private void route(MeshExternalService service, String name, String sni, MeshTls end) {
    Protocol protocol = Protocol.of(service.protocol());
    try {
      ClusterSpec cluster = cluster(name, service, sni, choices(service, protocol));
      listener.route(
          cluster,
          chains.chain(
              new ChainMaker.Service(end, name, name, name, protocol),
              sni,
              new Destination.ToCluster(name, Map.of()),
              permissions.ofMeshExternal(sni),
              policies.ofMeshExternal(service, sni)),
          owner(service));
    } catch (MissingTextException e) {
      refuse(service, name, sni, "tls: " + e.getMessage());
    }
  }

  private void refuse(MeshExternalService service, String name, String sni, String why) {
    listener.route(
        cluster(name, service, sni, List.of()), ChainMaker.refusal(name, sni, why), owner(service));
  }

  private static RouteOwner owner(MeshExternalService service) {
    return new RouteOwner(service.meta().id(), service.meta().source());
  }

  private void warnOfBlindness(MeshExternalService service) {
    Optional<Mode> mode = service.tls().map(MeshExternalService.Tls::mode);
    if (mode.equals(Optional.of(Mode.SKIP_ALL)) || mode.equals(Optional.of(Mode.SKIP_CA))) {
      listener.notice(
          Problem.warning(
              service.meta().source(),
              "tls.verification.mode",
              "verifies nothing: whoever answers for %s is believed (expected: Secured)"
                  .formatted(service.meta().name())));
    }
  }

  private List<TlsChoice> choices(MeshExternalService service, Protocol protocol)
      throws MissingTextException {
    if (service.tls().isEmpty() || service.endpoints().isEmpty()) {
      return List.of();
    }
    String host = service.endpoints().get(0).address().host();
    return List.of(
        new TlsChoice(Map.of(), Optional.of(tls.of(service.tls().get(), host, protocol))));
  }

  private ClusterSpec cluster(
      String name, MeshExternalService service, String sni, List<TlsChoice> choices) {
    Map<String, String> tags = new HashMap<>(service.meta().labels());
    tags.put(Tags.MESH, service.meta().mesh());
    Map<Integer, List<EndpointSpec>> byPriority = new TreeMap<>();
    for (MeshExternalService.Endpoint each : service.endpoints()) {
      byPriority
          .computeIfAbsent(each.priority(), priority -> new ArrayList<>())
          .add(new EndpointSpec(each.address(), 1, tags));
    }
    List<LocalityEndpoints> localities = new ArrayList<>();
    byPriority.forEach(
        (priority, endpoints) ->
            localities.add(
                new LocalityEndpoints(
                    new Locality("", "", "priority-" + priority), priority, endpoints)));
    return new ClusterSpec(
        name,
        localities,
        policies
            .ofCluster(service, sni)
            .policy(Protocol.of(service.protocol()).upstream(), choices));
  }
}
