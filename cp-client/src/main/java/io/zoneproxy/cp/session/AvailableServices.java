package io.zoneproxy.cp.session;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.ProxySnapshot;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that an ingress serves, as its resource lists them for other zones.
 *
 * <p>Registering an ingress anew overwrites its stored resource, and only the leader of the control
 * planes fills {@code availableServices} in again: a control plane that has just come back is none
 * yet, and the other zones would lose every service meanwhile. So what is served is submitted.
 * Services of meshes in Exclusive mode are not among these: their clusters have names of another
 * form. For one thread.
 */
final class AvailableServices {
  private static final Logger log = LoggerFactory.getLogger(AvailableServices.class);

  /**
   * Longest text of a resource with its services. It stands in every request, of which a gRPC
   * server in Go takes 4 MiB, and the first one of a stream also names what is known; a control
   * plane on Kubernetes stores it as an object, of which etcd takes 1.5 MiB.
   */
  private static final int MOST_BYTES = 1024 * 1024;

  private static final String FIELD = "availableServices";
  private static final String SERVICE_TAG = "kuma.io/service";
  private static final String MESH_TAG = "mesh";

  private boolean said; // that they are too many

  /**
   * The resource with what is served; as it is when that would be too long.
   *
   * @param resource JSON of a ZoneIngress
   * @param served in force
   */
  String in(String resource, ProxySnapshot served) {
    JsonArray services = new JsonArray();
    for (ClusterSpec cluster : new TreeMap<>(served.clusters()).values()) {
      int colon = cluster.name().indexOf(':');
      if (colon > 0 && !cluster.localities().isEmpty()) {
        add(services, cluster, cluster.name().substring(0, colon));
      }
    }
    if (services.isEmpty()) {
      return resource;
    }
    JsonObject changed = new Gson().fromJson(resource, JsonObject.class);
    changed.add(FIELD, services);
    String text = changed.toString();
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    boolean fits = bytes <= MOST_BYTES;
    if (!fits && !said) {
      log.warn(
          "{}: {} of them are {} bytes (expected: at most {}); the ingress registers without them,"
              + " and other zones see none of its services until the control plane has listed them",
          FIELD,
          services.size(),
          bytes,
          MOST_BYTES);
    }
    said = !fits;
    return fits ? text : resource;
  }

  private static void add(JsonArray services, ClusterSpec cluster, String mesh) {
    String service = cluster.name().substring(mesh.length() + 1);
    instances(cluster, mesh)
        .forEach(
            (tags, count) -> {
              JsonObject all = new JsonObject();
              tags.forEach(all::addProperty);
              all.addProperty(SERVICE_TAG, service);
              JsonObject one = new JsonObject();
              one.add("tags", all);
              one.addProperty("instances", count);
              one.addProperty("mesh", mesh);
              services.add(one);
            });
  }

  /** How many endpoints have each set of tags. Those of the proxy's own parts have no tags. */
  private static Map<Map<String, String>, Integer> instances(ClusterSpec cluster, String mesh) {
    Map<Map<String, String>, Integer> counts = new LinkedHashMap<>();
    for (LocalityEndpoints group : cluster.localities()) {
      for (EndpointSpec endpoint : group.endpoints()) {
        if (!endpoint.tags().isEmpty()
            && endpoint.tags().getOrDefault(MESH_TAG, mesh).equals(mesh)) {
          Map<String, String> tags = new TreeMap<>(endpoint.tags());
          tags.remove(MESH_TAG);
          counts.merge(tags, 1, Integer::sum);
        }
      }
    }
    return counts;
  }
}
