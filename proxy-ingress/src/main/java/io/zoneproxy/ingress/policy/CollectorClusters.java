package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.ClusterPolicy;
import io.zoneproxy.core.model.ClusterSpec;
import io.zoneproxy.core.model.EndpointSpec;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.model.Locality;
import io.zoneproxy.core.model.LocalityEndpoints;
import io.zoneproxy.core.model.balance.HttpUpstream;
import io.zoneproxy.core.resource.MeshOpenTelemetryBackend;
import io.zoneproxy.core.resource.Resources;
import io.zoneproxy.core.resource.policy.Settings;
import io.zoneproxy.ingress.translate.Kri;
import io.zoneproxy.ingress.translate.Tags;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The clusters that lead to collectors of one listener. The address is in the name, where kuma-cp
 * counts: so another policy renames nothing under those who send.
 */
final class CollectorClusters {
  private static final HttpUpstream HTTP_2 =
      new HttpUpstream(
          HttpUpstream.Version.HTTP_2, Optional.empty(), Optional.empty(), Optional.empty());

  private final Resources resources;
  private final String mesh;
  private final String zone;
  private final Map<String, ClusterSpec> made = new HashMap<>();

  /**
   * None yet.
   *
   * @param mesh whose collectors policies refer to
   * @param zone the own one
   */
  CollectorClusters(Resources resources, String mesh, String zone) {
    this.resources = resources;
    this.mesh = mesh;
    this.zone = zone;
  }

  /** All that were asked for. */
  Map<String, ClusterSpec> made() {
    return Map.copyOf(made);
  }

  /**
   * One that speaks HTTP/1.1.
   *
   * @param prefix of the name
   * @param authority its address and port, as in a URL
   * @return its name
   */
  String ofHttp(String prefix, String authority) {
    return add(prefix, endpoint(authority), HttpUpstream.DEFAULT);
  }

  /**
   * The one of a collector of OpenTelemetry.
   *
   * @param prefix of the name
   * @param backend has a section {@code openTelemetry}
   * @param odd told why there is none
   * @return its name; empty when nothing can be sent
   */
  Optional<String> ofOpenTelemetry(String prefix, Settings backend, Consumer<String> odd) {
    Map<String, String> labels = backend.labels("openTelemetry.backendRef.labels");
    Optional<HostPort> at =
        labels.isEmpty()
            ? backend.text("openTelemetry.endpoint").map(CollectorClusters::endpoint)
            : referred(labels, odd);
    return at.map(address -> add(prefix, address, HTTP_2));
  }

  private Optional<HostPort> referred(Map<String, String> labels, Consumer<String> odd) {
    Optional<MeshOpenTelemetryBackend> found =
        resources
            .of(MeshOpenTelemetryBackend.class, mesh)
            .filter(each -> labels(each).entrySet().containsAll(labels.entrySet()))
            .min(Comparator.comparing(each -> Kri.name(each.meta()))); // the files know no ages
    if (found.isEmpty()) {
      odd.accept(
          "no MeshOpenTelemetryBackend of mesh %s has these labels, so nothing is sent (expected: one of the files)"
              .formatted(mesh));
    } else if (found.get().overHttp()) {
      odd.accept(
          "%s: protocol http, so nothing is sent (expected: grpc)"
              .formatted(found.get().meta().id()));
      return Optional.empty();
    }
    return found.map(MeshOpenTelemetryBackend::endpoint);
  }

  private Map<String, String> labels(MeshOpenTelemetryBackend backend) {
    Map<String, String> labels = new HashMap<>(backend.meta().labels());
    labels.putIfAbsent(Tags.DISPLAY_NAME, backend.meta().name());
    labels.putIfAbsent(Tags.MESH_LABEL, mesh);
    labels.putIfAbsent(Tags.ZONE, zone);
    return labels;
  }

  /** A port is what follows the last colon, unless that is a part of an IPv6 address. */
  private static HostPort endpoint(String text) {
    int colon = text.lastIndexOf(':');
    boolean ipv6 = colon != text.indexOf(':') && !text.startsWith("[");
    if (colon < 0 || ipv6 || text.endsWith("]")) {
      return new HostPort(bare(text), MeshOpenTelemetryBackend.DEFAULT_PORT);
    }
    return new HostPort(
        bare(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  /** An address without its brackets. */
  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private String add(String prefix, HostPort at, HttpUpstream http) {
    String name = prefix + at;
    ClusterPolicy from = ClusterPolicy.DEFAULT;
    ClusterPolicy policy =
        new ClusterPolicy(
            from.connectTimeout(),
            from.balancing(),
            from.spread(),
            from.subsets(),
            from.limits(),
            from.outliers(),
            from.healthCheck(),
            http,
            from.tls(),
            from.dns());
    LocalityEndpoints one =
        new LocalityEndpoints(
            new Locality("", "", ""), 0, List.of(new EndpointSpec(at, 1, Map.of())));
    made.put(name, new ClusterSpec(name, List.of(one), policy));
    return name;
  }
}
