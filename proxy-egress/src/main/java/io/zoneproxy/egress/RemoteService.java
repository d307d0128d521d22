package io.zoneproxy.egress;

import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.resource.Mesh;
import io.zoneproxy.core.resource.Source;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.core.resource.ZoneIngress.AvailableService;
import io.zoneproxy.ingress.translate.ServerNames;
import io.zoneproxy.ingress.translate.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A service of other zones: the ingresses that lead to it, weighted by the instances behind them.
 *
 * <p>Several ingresses with one advertised address are replicas behind one load balancer, and each
 * of them announces all instances: what one announces counts, the largest if they disagree for a
 * moment. Equal tags twice in one ingress are added up.
 */
final class RemoteService {
  private final Mesh mesh;
  private final Source source;
  private final Map<EndpointKey, Endpoint> endpoints = new LinkedHashMap<>();

  /**
   * A service without endpoints yet.
   *
   * @param source where it was first announced
   */
  RemoteService(Mesh mesh, Source source) {
    this.mesh = mesh;
    this.source = source;
  }

  Source source() {
    return source;
  }

  /**
   * Adds what one ingress announces. Calls for one ingress follow each other.
   *
   * @param ingress has an advertised address
   */
  void add(ZoneIngress ingress, HostPort advertised, AvailableService available) {
    Map<String, String> tags = new HashMap<>(available.tags());
    tags.remove(Tags.SERVICE);
    tags.putIfAbsent(Tags.ZONE, ingress.zone());
    tags.put(Tags.MESH, mesh.meta().name());
    HostPort lowerCase = new HostPort(ServerNames.lowerCase(advertised.host()), advertised.port());
    endpoints
        .computeIfAbsent(
            new EndpointKey(ingress.zone(), lowerCase, Map.copyOf(tags)),
            key -> new Endpoint(advertised))
        .add(ingress.meta().id(), available.instances());
  }

  /** The endpoints by zone; zones in the order of their names. */
  List<LocalityEndpoints> localities() {
    Map<String, List<EndpointSpec>> zones = new TreeMap<>();
    endpoints.forEach(
        (key, endpoint) ->
            zones.computeIfAbsent(key.zone(), zone -> new ArrayList<>()).add(endpoint.spec(key)));
    // Kuma keeps 0 for the own zone, of which an egress has nothing: 1 alone is what it sends
    int priority = mesh.localityAware() ? 1 : 0;
    List<LocalityEndpoints> localities = new ArrayList<>(zones.size());
    zones.forEach(
        (zone, specs) ->
            localities.add(new LocalityEndpoints(Locality.ofZone(zone), priority, specs)));
    return localities;
  }

  private record EndpointKey(String zone, HostPort address, Map<String, String> tags) {}

  /** Counts the instances of one endpoint, ingress after ingress. */
  private static final class Endpoint {
    private final HostPort address;
    private String current = "";
    private long ofCurrent;
    private long most;

    Endpoint(HostPort address) {
      this.address = address;
    }

    void add(String ingress, int instances) {
      if (!ingress.equals(current)) {
        current = ingress;
        ofCurrent = 0;
      }
      ofCurrent += instances;
      most = Math.max(most, ofCurrent);
    }

    EndpointSpec spec(EndpointKey key) {
      int weight = (int) Math.max(1, Math.min(most, Integer.MAX_VALUE));
      return new EndpointSpec(address, weight, key.tags());
    }
  }
}
