package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Meta;
import io.zoneproxy.core.resource.ZoneEgress;
import io.zoneproxy.core.resource.ZoneIngress;
import io.zoneproxy.core.resource.ZoneIngress.AvailableService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code ZoneEgress} and {@code ZoneIngress}. */
final class ZoneProxyReaders {
  private static final List<String> EGRESS = List.of("address", "port", "admin");
  private static final List<String> INGRESS =
      List.of("address", "port", "advertisedAddress", "advertisedPort", "admin");
  private static final List<String> SERVICE =
      List.of("tags", "instances", "mesh", "externalService");

  /** The tag that names a service. */
  private static final String SERVICE_TAG = "kuma.io/service";

  /** Weights are added up as ints; a thousand such services still fit. */
  private static final int MAX_INSTANCES = 1_000_000;

  private ZoneProxyReaders() {}

  static Optional<ZoneEgress> egress(Meta meta, Fields spec, ResourceReader.Use use) {
    String zone = spec.text("zone");
    Optional<Fields> networking = spec.requiredMapping("networking");
    if (networking.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = networking.get();
    fields.known(EGRESS);
    int port = listenPort(fields, use);
    String address = Addresses.required(fields, "address");
    int adminPort = adminPort(fields, List.of(port));
    return listenAddress(address, port, use)
        .map(listen -> new ZoneEgress(meta, zone, listen, adminPort));
  }

  static Optional<ZoneIngress> ingress(Meta meta, Fields spec, ResourceReader.Use use) {
    String zone = spec.text("zone");
    List<AvailableService> services = availableServices(spec);
    Optional<Fields> networking = spec.requiredMapping("networking");
    if (networking.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = networking.get();
    fields.known(INGRESS);
    int port = listenPort(fields, use);
    int adminPort = adminPort(fields, List.of(port));
    Optional<HostPort> advertised = advertised(fields);
    return listenAddress(listenHost(fields, advertised, use), port, use)
        .map(listen -> new ZoneIngress(meta, zone, listen, advertised, adminPort, services));
  }

  /** The admin port, or 0 when none is given: it must not be that of a listener. */
  static int adminPort(Fields networking, List<Integer> ports) {
    Optional<Fields> admin = networking.mapping("admin");
    if (admin.isEmpty()) {
      return 0;
    }
    admin.get().known(List.of("port"));
    int port = admin.get().optionalPort("port");
    if (port != 0 && ports.contains(port)) {
      admin.get().error("port", port + " must differ from port (expected: another port)");
    }
    return port;
  }

  private static Optional<HostPort> advertised(Fields networking) {
    String address = networking.text("advertisedAddress");
    int port = networking.optionalPort("advertisedPort");
    if (!address.isEmpty() && !networking.has("advertisedPort")) {
      networking.error("advertisedPort", "missing (has to be defined with advertisedAddress)");
    } else if (port != 0 && address.isEmpty()) {
      networking.error("advertisedAddress", "missing (has to be defined with advertisedPort)");
    }
    return Addresses.hostPort(Addresses.checked(networking, "advertisedAddress", address), port);
  }

  /** The own proxy may leave the choice of its port to the kernel; of others 0 says nothing. */
  private static int listenPort(Fields networking, ResourceReader.Use use) {
    return use == ResourceReader.Use.OWN ? networking.portOrAny("port") : networking.port("port");
  }

  /** Empty when the address, or the port of another proxy, is missing or wrong. */
  private static Optional<HostPort> listenAddress(String host, int port, ResourceReader.Use use) {
    return use == ResourceReader.Use.OWN && port == 0 && !host.isEmpty()
        ? Optional.of(new HostPort(host, 0)) // a wrong port refuses the document in any case
        : Addresses.hostPort(host, port);
  }

  /**
   * Where it listens. Of another zone's ingress only the advertised address is known at times, and
   * only that one is used.
   */
  private static String listenHost(
      Fields networking, Optional<HostPort> advertised, ResourceReader.Use use) {
    boolean other = use == ResourceReader.Use.FOLDER && !networking.has("address");
    return other && advertised.isPresent()
        ? advertised.get().host()
        : Addresses.required(networking, "address");
  }

  private static List<AvailableService> availableServices(Fields spec) {
    List<AvailableService> services = new ArrayList<>();
    for (Fields fields : spec.mappings("availableServices")) {
      fields.known(SERVICE);
      Map<String, String> tags = Tags.read(fields, "tags");
      if (!tags.containsKey(SERVICE_TAG)) {
        fields.error("tags", "no " + SERVICE_TAG + " (expected: the service's name)");
      }
      String mesh = fields.requiredText("mesh", "the mesh whose service it is");
      boolean external = fields.flag("externalService", false);
      int instances = fields.number("instances", 0, MAX_INSTANCES, 1);
      if (instances == 0) {
        fields.warning("instances", "0 (expected: at least 1): the service is left out");
      } else {
        services.add(new AvailableService(tags, instances, mesh, external));
      }
    }
    return services;
  }
}
