package io.zoneproxy.core.resource;

import io.zoneproxy.core.model.HostPort;
import java.util.List;
import java.util.Map;

/**
 * A data plane: the endpoints of services, or a mesh-scoped zone proxy.
 *
 * @param address where its inbounds are reached unless they say otherwise: the advertised address
 *     if there is one
 * @param adminPort 0 means none was given
 * @param inbounds its services
 * @param listeners its zone-proxy listeners
 */
public record Dataplane(
    Meta meta, String address, int adminPort, List<Inbound> inbounds, List<Listener> listeners)
    implements Resource {
  public Dataplane {
    inbounds = List.copyOf(inbounds);
    listeners = List.copyOf(listeners);
  }

  /**
   * One service of a data plane.
   *
   * @param name "" when it has none
   * @param address where it is reached
   * @param tags {@code kuma.io/service} among them, except where MeshServices select by label
   * @param ready false when its state or health says that it takes no traffic
   */
  public record Inbound(String name, HostPort address, Map<String, String> tags, boolean ready) {
    public Inbound {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * One zone-proxy listener.
   *
   * @param role ingress or egress
   * @param address where it listens
   * @param name its section name; the port when none was given
   */
  public record Listener(Role role, HostPort address, String name) {
    /** What it is the door of. */
    public enum Role {
      /** The way in. */
      ZONE_INGRESS,
      /** The way out. */
      ZONE_EGRESS
    }
  }
}
