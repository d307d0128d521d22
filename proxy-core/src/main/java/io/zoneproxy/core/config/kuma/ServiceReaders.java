package io.zoneproxy.core.config.kuma;

import io.zoneproxy.core.config.yaml.Fields;
import io.zoneproxy.core.resource.MeshMultiZoneService;
import io.zoneproxy.core.resource.MeshService;
import io.zoneproxy.core.resource.MeshService.Selector;
import io.zoneproxy.core.resource.MeshService.ServicePort;
import io.zoneproxy.core.resource.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code MeshService} and {@code MeshMultiZoneService}. */
final class ServiceReaders {
  private static final List<String> PORT = List.of("name", "port", "targetPort", "appProtocol");
  private static final List<String> MULTI_ZONE_PORT = List.of("name", "port", "appProtocol");
  private static final List<String> SELECTOR =
      List.of("dataplaneTags", "dataplaneRef", "dataplaneLabels");
  private static final List<String> LABEL_SELECTOR = List.of("matchLabels");

  private ServiceReaders() {}

  static Optional<MeshService> meshService(Meta meta, Fields spec, ResourceReader.Use use) {
    Selector selector =
        spec.mapping("selector")
            .map(ServiceReaders::selector)
            .orElse(new Selector.ByTags(Map.of()));
    return Optional.of(new MeshService(meta, selector, ports(spec, PORT)));
  }

  static Optional<MeshMultiZoneService> multiZone(Meta meta, Fields spec, ResourceReader.Use use) {
    List<ServicePort> ports = ports(spec, MULTI_ZONE_PORT);
    if (ports.isEmpty()) {
      spec.error("ports", "none (expected: at least one)");
    }
    Map<String, String> labels =
        spec.requiredMapping("selector").map(ServiceReaders::multiZoneLabels).orElse(Map.of());
    return Optional.of(new MeshMultiZoneService(meta, labels, ports));
  }

  /** By name before by tags, as Kuma 2.x; by labels is 3.0's form, and the two never meet. */
  private static Selector selector(Fields selector) {
    selector.known(SELECTOR);
    if (selector.has("dataplaneRef")) {
      Optional<Fields> ref = selector.mapping("dataplaneRef");
      ref.ifPresent(fields -> fields.known(List.of("name")));
      return new Selector.ByName(ref.map(fields -> fields.text("name")).orElse(""));
    }
    if (selector.has("dataplaneLabels")) {
      Optional<Fields> labels = selector.mapping("dataplaneLabels");
      labels.ifPresent(fields -> fields.known(LABEL_SELECTOR));
      return new Selector.ByLabels(
          labels.map(fields -> fields.texts("matchLabels")).orElse(Map.of()));
    }
    return new Selector.ByTags(selector.texts("dataplaneTags"));
  }

  private static Map<String, String> multiZoneLabels(Fields selector) {
    selector.known(List.of("meshService"));
    Optional<Fields> meshService = selector.requiredMapping("meshService");
    meshService.ifPresent(fields -> fields.known(LABEL_SELECTOR));
    Map<String, String> labels =
        meshService.map(fields -> fields.texts("matchLabels")).orElse(Map.of());
    if (meshService.isPresent() && labels.isEmpty()) {
      meshService.get().error("matchLabels", "none (expected: at least one label)");
    }
    return labels;
  }

  private static List<ServicePort> ports(Fields spec, List<String> known) {
    List<ServicePort> ports = new ArrayList<>();
    Set<String> sections = new HashSet<>();
    for (Fields fields : spec.mappings("ports")) {
      fields.known(known);
      ServicePort port = port(fields);
      ports.add(port);
      if (port.port() != 0 && !sections.add(port.section())) {
        String field = port.name().isEmpty() ? "port" : "name";
        fields.error(field, port.section() + " twice (expected: each port once)");
      }
    }
    return ports;
  }

  private static ServicePort port(Fields fields) {
    int port = fields.port("port");
    String target = fields.portOrName("targetPort");
    return new ServicePort(
        fields.text("name"), port, target.isEmpty() ? Integer.toString(port) : target);
  }
}
