package io.zoneproxy.egress.external;

import io.zoneproxy.core.model.ChainSpec;
import io.zoneproxy.core.model.ClusterPolicy.TlsChoice;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.balance.Destination;
import io.zoneproxy.core.resource.ExternalService;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.egress.policy.ClusterSettings;
import io.zoneproxy.egress.policy.Policies;
import io.zoneproxy.ingress.translate.ListenerTranslation;
import io.zoneproxy.ingress.translate.RouteOwner;
import io.zoneproxy.ingress.translate.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The ExternalServices of one mesh: those with one {@code kuma.io/service} are one service. */
final class ExternalServices {
  /** By it TLS is chosen: each resource may want its own. */
  private static final String RESOURCE = "kuma.io/external-service-name";

  private static final String PROTOCOL = "kuma.io/protocol";

  private final ListenerTranslation listener;
  private final ChainMaker chains;
  private final String mesh;
  private final OutsideTls tls;
  private final Permissions permissions;
  private final Policies policies;
  private final Map<String, List<ExternalService>> services = new TreeMap<>();

  ExternalServices(
      ListenerTranslation listener,
      ChainMaker chains,
      String mesh,
      OutsideTls tls,
      Permissions permissions,
      Policies policies) {
    this.listener = listener;
    this.chains = chains;
    this.mesh = mesh;
    this.tls = tls;
    this.permissions = permissions;
    this.policies = policies;
  }

  /**
   * Routes them.
   *
   * @param zone the own one; a service that says that it is reached from another zone is reached
   *     through that zone's ingress
   * @return the names of those that are served
   */
  Set<String> route(Mesh of, Resources resources, String zone) {
    resources
        .of(ExternalService.class, of.meta().name())
        .filter(each -> each.tags().getOrDefault(Tags.ZONE, zone).equals(zone))
        .forEach(
            each ->
                services
                    .computeIfAbsent(each.tags().get(Tags.SERVICE), name -> new ArrayList<>())
                    .add(each));
    services.forEach(this::route);
    return services.keySet();
  }

  private void route(String name, List<ExternalService> instances) {
    ExternalService first = instances.get(0);
    RouteOwner owner =
        new RouteOwner(
            "external service %s of mesh %s".formatted(name, mesh), first.meta().source());
    Protocol protocol = Protocol.of(first.tags().getOrDefault(PROTOCOL, ""));
    ChainMaker.Service service =
        new ChainMaker.Service(
            MeshTls.of(mesh), name + "_" + mesh, name, "outbound:" + name, protocol);
    Optional<String> broken = Optional.empty();
    List<TlsChoice> choices = List.of();
    try {
      choices = choices(instances, protocol);
    } catch (MissingTextException e) {
      broken = Optional.of("networking.tls: " + e.getMessage());
    }
    ClusterSpec cluster = cluster(name, instances, protocol, choices);
    Optional<String> why = broken;
    listener.routeTags(
        mesh,
        name,
        cluster,
        (sni, subset) -> chain(service, sni, subset, cluster, first.tags(), why),
        owner);
  }

  private ChainSpec chain(
      ChainMaker.Service service,
      String sni,
      Map<String, String> subset,
      ClusterSpec cluster,
      Map<String, String> tags,
      Optional<String> broken) {
    if (broken.isPresent()) {
      return ChainMaker.refusal(service.name(), sni, broken.get());
    }
    return chains.chain(
        service,
        sni,
        new Destination.ToCluster(cluster.name(), subset),
        permissions.ofExternal(tags, sni),
        policies.ofExternal(tags));
  }

  private ClusterSpec cluster(
      String name, List<ExternalService> instances, Protocol protocol, List<TlsChoice> choices) {
    boolean mixed = !choices.isEmpty();
    List<EndpointSpec> endpoints = new ArrayList<>();
    for (ExternalService each : instances) {
      Map<String, String> tags = new HashMap<>(each.tags());
      tags.remove(Tags.SERVICE);
      tags.put(Tags.MESH, mesh);
      Map<String, String> match = mixed ? match(each) : Map.of();
      endpoints.add(new EndpointSpec(each.address(), 1, true, tags, match));
    }
    return new ClusterSpec(
        mesh + ":" + name,
        List.of(new LocalityEndpoints(new Locality("", "", ""), 0, endpoints)),
        ClusterSettings.NONE.policy(protocol.upstream(), choices));
  }

  /** None when no instance wants TLS; else one for each, for those without it too. */
  private List<TlsChoice> choices(List<ExternalService> instances, Protocol protocol)
      throws MissingTextException {
    if (instances.stream().allMatch(each -> each.tls().isEmpty())) {
      return List.of();
    }
    List<TlsChoice> choices = new ArrayList<>();
    for (ExternalService each : instances) {
      choices.add(
          new TlsChoice(
              match(each),
              each.tls().isEmpty()
                  ? Optional.empty()
                  : Optional.of(tls.of(each.tls().get(), each.address().host(), protocol))));
    }
    return choices;
  }

  private static Map<String, String> match(ExternalService service) {
    return Map.of(RESOURCE, service.meta().name());
  }
}
