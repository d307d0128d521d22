package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.core.resource.Dataplane.Listener.Role;
import io.zoneproxy.ingress.translate.Tags;
import java.util.HashMap;
import java.util.Map;

/** The labels by which a control plane would know a data plane. */
public final class OwnLabels {
  /** The application that a data plane runs; Kuma's SPIFFE IDs have it. */
  public static final String WORKLOAD = "kuma.io/workload";

  private static final String ENABLED = "enabled";

  private OwnLabels() {}

  /**
   * Those that are written, and those that a control plane computes.
   *
   * @param zone the own one
   */
  public static Map<String, String> of(Dataplane own, String zone) {
    Map<String, String> labels = new HashMap<>(own.meta().labels());
    labels.putIfAbsent(Tags.DISPLAY_NAME, own.meta().name());
    labels.putIfAbsent(Tags.MESH_LABEL, own.meta().mesh());
    labels.putIfAbsent("kuma.io/origin", "zone");
    labels.putIfAbsent("kuma.io/env", "universal");
    labels.put("kuma.io/proxy-type", "sidecar"); // so Kuma calls every data plane but a gateway
    if (!zone.isEmpty()) {
      labels.putIfAbsent(Tags.ZONE, zone);
    }
    put(labels, "kuma.io/listener-zoneingress", has(own, Role.ZONE_INGRESS));
    put(labels, "kuma.io/listener-zoneegress", has(own, Role.ZONE_EGRESS));
    return Map.copyOf(labels);
  }

  private static void put(Map<String, String> labels, String name, boolean there) {
    labels.remove(name);
    if (there) {
      labels.put(name, ENABLED);
    }
  }

  private static boolean has(Dataplane own, Role role) {
    return own.listeners().stream().anyMatch(listener -> listener.role() == role);
  }
}
