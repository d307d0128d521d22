package io.zoneproxy.egress.driven;

import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.zoneproxy.core.relay.FreePort;
import io.zoneproxy.cp.FakeControlPlane;
import io.zoneproxy.cp.FakeZoneControlPlane;
import io.zoneproxy.cp.Xds;
import io.zoneproxy.cp.resource.ResourceType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A fake control plane, its files, and what it pushes to the egress and the ingress of a zone. */
final class DrivenZone implements AutoCloseable {
  static final String EGRESS = "egress";
  static final String INGRESS = "ingress";

  /** Proxies listen here, so that 127.0.0.1 is left for their own admin interface. */
  private static final String HOST = "127.0.0.2";

  final FakeZoneControlPlane controlPlane;
  final Path folder;
  final Path token;
  final Path ca;
  private final Map<String, Integer> ports = new TreeMap<>();
  private final Map<String, List<FilterChain>> chains = new TreeMap<>();

  DrivenZone(Path folder) throws IOException {
    this.folder = folder;
    controlPlane = new FakeZoneControlPlane().start();
    ca = Files.writeString(folder.resolve("ca.pem"), controlPlane.caPem());
    token =
        Files.writeString(
            folder.resolve("token"), jwt("{\"Zone\":\"east\",\"Scope\":[\"egress\",\"ingress\"]}"));
    for (String type : List.of(EGRESS, INGRESS)) {
      ports.put(type, freePort(HOST));
      chains.put(type, new ArrayList<>());
    }
  }

  private static String jwt(String claims) {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header = base64.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
    return header + "." + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".c2ln";
  }

  /** A port that is free now. */
  static int freePort(String host) throws IOException {
    return FreePort.on(host);
  }

  FakeControlPlane ads(String type) {
    return controlPlane.ads(type);
  }

  /** Where a proxy of this type listens. */
  InetSocketAddress door(String type) {
    return new InetSocketAddress(HOST, port(type));
  }

  private int port(String type) {
    return ports.getOrDefault(type, 0);
  }

  /** Pushes a cluster with its endpoints; subsets by these keys. */
  void cluster(String type, String service, List<LbEndpoint> endpoints, String... keys) {
    String name = "default:" + service;
    ads(type).put(ResourceType.CLUSTER, name, Xds.eds(name, keys));
    ads(type)
        .put(
            ResourceType.ENDPOINT,
            name,
            Xds.assignment(name, endpoints.toArray(new LbEndpoint[0])));
  }

  void remove(String type, String service) {
    ads(type).remove(ResourceType.CLUSTER, "default:" + service);
    ads(type).remove(ResourceType.ENDPOINT, "default:" + service);
  }

  /** A chain by tags in the form of Kuma's server names; pushed by {@link #listen}. */
  void chain(String type, String service, Map<String, String> tags) {
    add(type, Xds.passthrough(serverName(service, tags), "default:" + service, tags));
  }

  void add(String type, FilterChain chain) {
    list(type).add(chain);
  }

  void removeChains(String type, String service) {
    list(type)
        .removeIf(chain -> chain.getFilterChainMatch().getServerNames(0).startsWith(service + "{"));
  }

  private List<FilterChain> list(String type) {
    return chains.getOrDefault(type, new ArrayList<>());
  }

  /** Pushes the listener with the chains that there are. */
  void listen(String type) {
    String name = "inbound:" + HOST + ":" + port(type);
    ads(type)
        .put(
            ResourceType.LISTENER,
            name,
            Xds.listener(
                name, Xds.address(HOST, port(type)), list(type).toArray(new FilterChain[0])));
  }

  /** {@code backend{mesh=default,version=v1}}. */
  static String serverName(String service, Map<String, String> tags) {
    StringBuilder name = new StringBuilder(service).append("{mesh=default");
    new TreeMap<>(tags)
        .forEach((key, value) -> name.append(',').append(key).append('=').append(value));
    return name.append('}').toString();
  }

  /** The own resource of a proxy of this type. */
  Path resource(String type, int adminPort) throws IOException {
    String kind = type.equals(EGRESS) ? "ZoneEgress" : "ZoneIngress";
    return Files.writeString(
        folder.resolve(type + ".yaml"),
        """
        type: %s
        name: %s-1
        networking: {address: %s, port: %d, admin: {port: %d}}
        """
            .formatted(kind, type, HOST, port(type), adminPort));
  }

  @Override
  public void close() {
    controlPlane.close();
  }
}
