package io.zoneproxy.core.resource;

import java.util.List;
import java.util.Map;

/**
 * A service of one zone.
 *
 * @param selector which data planes it has
 * @param ports in the order written
 */
public record MeshService(Meta meta, Selector selector, List<ServicePort> ports)
    implements Resource {
  public MeshService {
    ports = List.copyOf(ports);
  }

  /** How a MeshService finds its data planes; an empty map or name selects none. */
  public sealed interface Selector {
    /** Those with an inbound that carries all these tags (Kuma 2.x). */
    record ByTags(Map<String, String> tags) implements Selector {
      public ByTags {
        tags = Map.copyOf(tags);
      }
    }

    /** Those that carry all these labels. */
    record ByLabels(Map<String, String> labels) implements Selector {
      public ByLabels {
        labels = Map.copyOf(labels);
      }
    }

    /** The one of that name. */
    record ByName(String name) implements Selector {}
  }

  /**
   * A port of a service.
   *
   * @param name "" when it has none; the SNI then carries the number
   * @param port what callers use, 1 to 65535
   * @param target the inbound's port number, or its name; the port itself when none was given
   */
  public record ServicePort(String name, int port, String target) {
    /** How an SNI names the port: its name, or its number. */
    public String section() {
      return name.isEmpty() ? Integer.toString(port) : name;
    }
  }
}
