package io.zoneproxy.ingress.policy;

import io.zoneproxy.core.model.HostPort;
import io.zoneproxy.core.resource.Dataplane;
import io.zoneproxy.ingress.translate.Kri;

/**
 * What stands for Kuma's own placeholders in the formats of a zone proxy: a control plane fills
 * them in, so that the proxy meets Envoy's only.
 *
 * @param address the data plane's own
 * @param workload its name as Kuma's newer form has it; "" when it says none
 */
record KumaValues(String mesh, String zone, String address, String workload) {
  /** Kuma knows neither side's service at a zone proxy. */
  private static final String UNKNOWN = "unknown";

  /**
   * Those of a data plane.
   *
   * @param zone the own one; "" when unknown
   */
  static KumaValues of(Dataplane own, String zone) {
    String name = own.meta().labels().getOrDefault(OwnLabels.WORKLOAD, "");
    String mesh = own.meta().mesh();
    String workload =
        name.isEmpty()
            ? ""
            : String.join("_", "kri", "wl", mesh, zone, Kri.namespace(own.meta()), name, "");
    return new KumaValues(mesh, zone, own.address(), workload);
  }

  /** The same format without Kuma's placeholders. */
  String in(String format) {
    return format
        .replace("%KUMA_SOURCE_ADDRESS%", new HostPort(address, 0).toString())
        .replace("%KUMA_SOURCE_ADDRESS_WITHOUT_PORT%", address)
        .replace("%KUMA_SOURCE_SERVICE%", UNKNOWN)
        .replace("%KUMA_DESTINATION_SERVICE%", UNKNOWN)
        .replace("%KUMA_MESH%", mesh)
        .replace("%KUMA_TRAFFIC_DIRECTION%", "UNSPECIFIED")
        .replace("%KUMA_ZONE%", zone)
        .replace("%KUMA_WORKLOAD%", workload);
  }
}
